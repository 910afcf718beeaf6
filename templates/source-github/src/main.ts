#!/usr/bin/env node
import { runSource } from '@headwater/core';
import { GithubSource } from './source.ts';

await runSource(new GithubSource());
