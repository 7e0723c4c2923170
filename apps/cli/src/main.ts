#!/usr/bin/env node
import { messageOf } from '#kernel';
import { program } from './program.js';

program(console.log)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`berth: ${messageOf(error)}`);
    process.exitCode = 1;
  });
