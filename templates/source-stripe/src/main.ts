#!/usr/bin/env node
import { runSource } from '@headwater/core';
import { StripeSource } from './source.ts';

await runSource(new StripeSource());
