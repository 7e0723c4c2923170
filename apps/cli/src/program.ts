import { Command } from 'commander';
import { devCommand } from './dev/dev.command.js';
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
import { slotsCommand } from './operate/slots.command.js';
import type { Print } from './operate/surroundings.js';

/** All of `berth`; commands throw what went wrong. */
export function program(print: Print): Command {
  return new Command('berth')
    .description('Allocates game servers, without Kubernetes.')
    .showHelpAfterError()
    .addCommand(devCommand())
    .addCommand(slotsCommand(print))
    .addCommand(agentsCommand(print))
    .addCommand(fleetsCommand(print))
    .addCommand(fleetCommand(print))
    .addCommand(eventsCommand(print))
    .addCommand(allocateCommand(print))
    .addCommand(releaseCommand(print))
    .addCommand(drainCommand(print))
    .addCommand(undrainCommand(print))
    .addCommand(maintenanceCommand(print))
    .addCommand(retireCommand(print));
}
