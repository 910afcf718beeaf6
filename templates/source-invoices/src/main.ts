#!/usr/bin/env node
import { runSource } from '@headwater/core';
import { InvoiceSource } from './source.ts';

await runSource(new InvoiceSource());
