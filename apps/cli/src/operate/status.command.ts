import { findingsOf, type Findings, type Seen } from '#diagnosis';
import { Command } from 'commander';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { look } from './look.js';
import { summaryOf } from './summary.js';
import { watchable, watched, type WatchOptions } from './watch.js';

export function statusCommand(print: Print): Command {
  return watchable(new Command('status'))
    .description('show the state of the installation on one screen')
    .action(async (options: WatchOptions) => {
      const lookAgain = () => look(apiOf(options));
      await watched(options, print, lookAgain, (seen) => {
        const findings = findingsOf(seen);
        show(print, options, { ...seen, ...findings }, () => textOf(options.api, seen, findings));
        if (findings.wrong.length > 0) process.exitCode = 1;
      });
    });
}

export function doctorCommand(print: Print): Command {
  return onApi(new Command('doctor'))
    .description('show what is wrong with this installation, and what to do')
    .action(async (common: CommonOptions) => {
      const findings = findingsOf(await look(apiOf(common)));
      show(print, common, findings, ({ wrong, unknown, fine }) =>
        [
          ...fine.map((what) => `ok     ${what}`),
          ...unknown.map(({ unknown: what, remedy }) => `?      ${what}\n       ${remedy}`),
          ...wrong.map(({ what, remedy }) => `WRONG  ${what}\n       ${remedy}`),
        ].join('\n'),
      );
      if (findings.wrong.length > 0) process.exitCode = 1;
    });
}

function textOf(api: string, seen: Seen, { wrong }: Findings): string {
  return [
    summaryOf(api, seen),
    '',
    wrong.length === 0
      ? 'All is well.'
      : wrong.map(({ what }) => `WRONG: ${what}`).join('\n') + '\n\nberth doctor says what to do.',
  ].join('\n');
}
