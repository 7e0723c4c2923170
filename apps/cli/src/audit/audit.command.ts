import { Command } from 'commander';
import type { Print } from '../operate/common-options.js';
import { historyCommand } from '../operate/events.command.js';
import { actionsCommand, whoCommand } from './actions.command.js';
import { allocationCommand } from './allocation.command.js';
import { allocationsCommand } from './allocations.command.js';
import { atCommand } from './at.command.js';
import { diffCommand } from './diff.command.js';
import { exportCommand } from './export.command.js';
import { importAuditCommand } from './import.command.js';
import { indexCommand } from './index.command.js';
import { replayCommand } from './replay.command.js';
import { verifyCommand } from './verify.command.js';
import { whyCommand } from './why.command.js';

/** What the kept log says of the past. */
export function auditCommand(print: Print): Command {
  return new Command('audit')
    .description('what happened, who wanted it, and whether the log is sound')
    .addCommand(historyCommand('slot', print))
    .addCommand(atCommand(print))
    .addCommand(diffCommand(print))
    .addCommand(allocationCommand(print))
    .addCommand(allocationsCommand(print))
    .addCommand(indexCommand(print))
    .addCommand(whyCommand(print))
    .addCommand(whoCommand(print))
    .addCommand(actionsCommand(print))
    .addCommand(verifyCommand(print))
    .addCommand(exportCommand(print))
    .addCommand(importAuditCommand(print))
    .addCommand(replayCommand(print));
}
