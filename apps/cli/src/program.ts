import { Command } from 'commander';
import { version } from '#service-runtime';
import { enrollCommand } from './access/enroll.command.js';
import { joinCommand } from './access/join.command.js';
import { natsCommand } from './access/nats.command.js';
import { agentCommand } from './agent/agent.command.js';
import { allocationsCommand } from './audit/allocations.command.js';
import { auditCommand } from './audit/audit.command.js';
import { buildsCommand } from './builds/builds.command.js';
import { configurationsCommand } from './builds/configurations.command.js';
import { everyCommand } from './commands.js';
import { completionCommand } from './completion.command.js';
import { devCommand } from './dev/dev.command.js';
import { EXAMPLES } from './examples.js';
import { EXIT_HELP } from './exit-codes.js';
import { importCommand } from './import-multiplay/import.command.js';
import { agentsCommand } from './operate/agents.command.js';
import { allocateCommand } from './operate/allocate.command.js';
import {
  drainCommand,
  maintenanceCommand,
  repairCommand,
  retireCommand,
  undrainCommand,
} from './operate/direct.command.js';
import { forgetCommand } from './operate/forget.command.js';
import { historyCommand } from './operate/events.command.js';
import { fleetCommand, fleetsCommand } from './operate/fleets.command.js';
import { machineCommand, machinesCommand } from './operate/machines.command.js';
import { logsCommand } from './operate/logs.command.js';
import { refusalsCommand } from './operate/refusals.command.js';
import { releaseCommand } from './operate/release.command.js';
import { requestCommand } from './operate/request.command.js';
import { slotsCommand } from './operate/slots.command.js';
import { doctorCommand, statusCommand } from './operate/status.command.js';
import { topCommand } from './operate/top.command.js';
import type { Print } from './operate/common-options.js';
import { shown } from './terminal.js';
import { tokensCommand } from './tokens/tokens.command.js';

/** The whole command line of `berth`. Commands throw if they fail. */
export function program(print: Print): Command {
  const berth = new Command('berth')
    .description('Allocates game servers, without Kubernetes.')
    .version(version)
    .addHelpText('after', EXIT_HELP)
    .addCommand(devCommand())
    .addCommand(agentCommand(print))
    .addCommand(slotsCommand(print))
    .addCommand(agentsCommand(print))
    .addCommand(machinesCommand(print))
    .addCommand(machineCommand(print))
    .addCommand(fleetsCommand(print))
    .addCommand(fleetCommand(print))
    .addCommand(buildsCommand(print))
    .addCommand(configurationsCommand(print))
    .addCommand(importCommand(print))
    .addCommand(auditCommand(print))
    .addCommand(historyCommand('events', print))
    .addCommand(logsCommand(print))
    .addCommand(allocationsCommand(print))
    .addCommand(allocateCommand(print))
    .addCommand(releaseCommand(print))
    .addCommand(forgetCommand(print))
    .addCommand(requestCommand(print))
    .addCommand(refusalsCommand(print))
    .addCommand(drainCommand(print))
    .addCommand(undrainCommand(print))
    .addCommand(maintenanceCommand(print))
    .addCommand(retireCommand(print))
    .addCommand(repairCommand(print))
    .addCommand(tokensCommand(print))
    .addCommand(natsCommand(print))
    .addCommand(enrollCommand(print))
    .addCommand(joinCommand(print))
    .addCommand(statusCommand(print))
    .addCommand(topCommand(print))
    .addCommand(doctorCommand(print))
    .addCommand(completionCommand(print));
  // A short hint instead of the whole help, which would push the error off the screen.
  for (const { command, words } of everyCommand(berth)) {
    const examples = EXAMPLES[words.join(' ')] ?? [];
    if (examples.length > 0) command.addHelpText('after', `\n  ${examples.join('\n  ')}`);
    command
      .showHelpAfterError(`(${['berth', ...words].join(' ')} --help shows all options)`)
      // Long options leave little room; the words of their explanation wrap all the same.
      .configureHelp({ minWidthToWrap: 20 })
      .configureOutput({
        outputError: (text, write) => write(shown(text, process.stderr, 'prose')),
      });
  }
  return berth;
}
