#!/usr/bin/env node
import { runSource } from '@headwater/core';
import { ApiSource } from './source.ts';

await runSource(new ApiSource());
