#!/usr/bin/env node
import { errorMessage } from '#kernel';
import { program } from './program.js';

program(console.log)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`berth: ${errorMessage(error)}`);
    process.exitCode = 1;
  });
