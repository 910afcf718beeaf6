import { readFileSync } from 'node:fs';
import { standardSourceSuite } from '@headwater/testing';

const config = JSON.parse(readFileSync('config.example.json', 'utf8'));
standardSourceSuite('dist/main.js', { config, cassettes: 'cassettes' });
