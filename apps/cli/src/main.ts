#!/usr/bin/env node
import { messageOf } from '#kernel';
import { Command } from 'commander';
import { devCommand } from './dev/dev.command.js';

const program = new Command('berth')
  .description('Allocates game servers, without Kubernetes.')
  .showHelpAfterError()
  .addCommand(devCommand());

program.parseAsync().catch((error: unknown) => {
  console.error(`berth: ${messageOf(error)}`);
  process.exitCode = 1;
});
