import { tellChoice } from '#audit';
import { choicesAnswer } from '#http-api';
import { Command } from 'commander';
import { apiOf, onApi, show, type CommonOptions, type Print } from '../operate/common-options.js';
import { factsOf } from '../operate/table.js';
import { storyPath, type WhereOptions } from './allocation.command.js';
import { toldToWait } from './told-to-wait.js';

/** `berth audit why`: why a request got its slot. */
export function whyCommand(print: Print): Command {
  return onApi(new Command('why'))
    .argument('<id>', 'its allocation id')
    .description('tell why a request got its slot: what was recorded, and what the log says anew')
    .option('--region <name>', 'only in this region')
    .action(async (id: string, options: CommonOptions & WhereOptions) => {
      const path = storyPath(id, options, '/why');
      const recomputed = apiOf(options).get(path, choicesAnswer);
      const answer = await toldToWait('replaying the history', recomputed);
      show(print, options, answer, ({ choices }) => {
        if (choices.length === 0) return `${id} was given no slot: berth audit allocation ${id}`;
        const rows = choices.flatMap((choice) => tellChoice(choice).filter(([, says]) => says));
        return factsOf(id, rows);
      });
    });
}
