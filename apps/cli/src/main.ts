#!/usr/bin/env node
import { errorMessage } from '#kernel';
import { CommanderError } from 'commander';
import { everyCommand } from './commands.js';
import { exitCodeOf } from './exit-codes.js';
import { program } from './program.js';
import { complain, endWithReader, print } from './terminal.js';

endWithReader();
const berth = program(print);
for (const { command } of everyCommand(berth)) command.exitOverride();

berth.parseAsync().catch((error: unknown) => {
  // Commander has printed its own error already.
  if (!(error instanceof CommanderError)) complain(`berth: ${errorMessage(error)}`);
  process.exitCode = exitCodeOf(error);
});
