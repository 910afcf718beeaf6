#!/usr/bin/env node
import { runSource } from '@headwater/core';
import { HttpSource } from './source.ts';

await runSource(new HttpSource());
