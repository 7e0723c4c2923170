import { findingsOf, type Findings, type Seen } from '#diagnosis';
import { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { look } from './look.js';
import { clearScreen } from '../terminal.js';
import { summaryOf } from './summary.js';

/** Pause between two looks with `--watch` (ms). */
const WATCH_MS = 2_000;

interface StatusOptions extends CommonOptions {
  readonly watch?: true;
}

export function statusCommand(print: Print): Command {
  return onApi(new Command('status'))
    .description('show the state of the installation on one screen')
    .option('-w, --watch', 'repeat every two seconds')
    .action(async ({ watch, ...common }: StatusOptions) => {
      do {
        const seen = await look(apiOf(common));
        const findings = findingsOf(seen);
        if (watch) clearScreen();
        show(print, common, { ...seen, ...findings }, () => textOf(common.api, seen, findings));
        if (!watch && findings.wrong.length > 0) process.exitCode = 1;
        if (watch) await sleep(WATCH_MS);
      } while (watch);
    });
}

export function doctorCommand(print: Print): Command {
  return onApi(new Command('doctor'))
    .description('show what is wrong with this installation, and what to do')
    .action(async (common: CommonOptions) => {
      const findings = findingsOf(await look(apiOf(common)));
      show(print, common, findings, ({ wrong, fine }) =>
        [
          ...fine.map((what) => `ok     ${what}`),
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
