#!/usr/bin/env node
import { main } from 'headwater/dist/main.js';

await main(['new', ...process.argv.slice(2)]);
