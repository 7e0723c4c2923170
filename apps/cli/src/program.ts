import { Command } from 'commander';
import { agentCommand } from './agent/agent.command.js';
import { buildsCommand } from './builds/builds.command.js';
import { configurationsCommand } from './builds/configurations.command.js';
import { devCommand } from './dev/dev.command.js';
import { importCommand } from './import-multiplay/import.command.js';
import { agentsCommand } from './operate/agents.command.js';
import { allocateCommand, releaseCommand } from './operate/allocate.command.js';
import {
  drainCommand,
  maintenanceCommand,
  retireCommand,
  undrainCommand,
} from './operate/direct.command.js';
import { eventsCommand } from './operate/events.command.js';
import { fleetCommand, fleetsCommand } from './operate/fleets.command.js';
import { logsCommand } from './operate/logs.command.js';
import { refusalsCommand, requestCommand } from './operate/requests.command.js';
import { slotsCommand } from './operate/slots.command.js';
import type { Print } from './operate/surroundings.js';
import { tokensCommand } from './tokens/tokens.command.js';

/** All of `berth`; commands throw what went wrong. */
export function program(print: Print): Command {
  return new Command('berth')
    .description('Allocates game servers, without Kubernetes.')
    .showHelpAfterError()
    .addCommand(devCommand())
    .addCommand(agentCommand(print))
    .addCommand(slotsCommand(print))
    .addCommand(agentsCommand(print))
    .addCommand(fleetsCommand(print))
    .addCommand(fleetCommand(print))
    .addCommand(buildsCommand(print))
    .addCommand(configurationsCommand(print))
    .addCommand(importCommand(print))
    .addCommand(eventsCommand(print))
    .addCommand(logsCommand(print))
    .addCommand(allocateCommand(print))
    .addCommand(releaseCommand(print))
    .addCommand(requestCommand(print))
    .addCommand(refusalsCommand(print))
    .addCommand(drainCommand(print))
    .addCommand(undrainCommand(print))
    .addCommand(maintenanceCommand(print))
    .addCommand(retireCommand(print))
    .addCommand(tokensCommand(print));
}
