import { errorMessage } from '#kernel';
import { ConfigInvalid, runService } from '#service-runtime';
import { Command, Option } from 'commander';
import type { Print } from '../operate/common-options.js';
import { checkAgent } from './check.js';
import { flags } from './flags.js';
import { inFlags, settingsOf, type Typed } from './settings.js';

const EXAMPLES = `
A setting may be given as a flag, as the environment variable in brackets after
it, or under the flag's name in the file of --config (YAML). Flags take
precedence, then the environment.

  berth agent --nats nats://10.0.0.5:4222 --region eu --fleet arena --slots 4 \\
    --address 203.0.113.7 -- ./my-server -port {port}
  berth agent check --config agent.yaml
`;

/** `berth agent` runs an agent in this process; `berth agent check` checks the machine for one. */
export function agentCommand(print: Print): Command {
  return onSettings(new Command('agent'))
    .description("own this machine's slots: run the game that follows -- in each of them")
    .addHelpText('after', EXAMPLES)
    .addCommand(
      onSettings(new Command('check'))
        .description('check this machine and these settings before an agent is run with them')
        .option('--json', 'print the findings as JSON')
        .action(async (words: string[], options: { readonly json?: true }, check: Command) => {
          // The parent command `agent` has the same flags and takes them from anywhere on the line.
          const settings = settingsOf(check.optsWithGlobals<Typed>(), words, process.env);
          const isFine = await checkAgent(settings, print, options);
          if (!isFine) process.exitCode = 1;
        }),
    )
    .action((words: string[], typed: Typed) => run(settingsOf(typed, words, process.env)));
}

function onSettings(command: Command): Command {
  command
    .argument('[command...]', 'the game: executable and arguments, with placeholders like {port}')
    .option('--config <file>', 'a YAML file with settings [BERTH_CONFIG]')
    .usage('[options] -- <executable> [arguments...]');
  for (const { name, says, group } of flags) {
    if (name === 'command') continue;
    command.addOption(new Option(`--${name} <value>`, says).helpGroup(group));
  }
  return command;
}

/** Imports the agent's code only when an agent is run. */
async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const { startAgent } = await import('../../../agent/src/start-agent.js');
  await runService(async () => {
    try {
      return await startAgent(env);
    } catch (error) {
      if (!(error instanceof ConfigInvalid)) throw error;
      throw new ConfigInvalid(inFlags(errorMessage(error)), { cause: error });
    }
  });
}
