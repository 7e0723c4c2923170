import { whyOf } from '#audit';
import { findingsOf } from '#diagnosis';
import type { eventAnswer } from '#http-api';
import { errorMessage, printable } from '#kernel';
import { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { apiOf, whereApiIs, type CommonOptions, type Print } from './common-options.js';
import { EventTicker, WINDOW_S } from './event-ticker.js';
import { look } from './look.js';
import { clearScreen } from '../terminal.js';
import { summaryOf } from './summary.js';

/** Pause between two screens (ms). */
const REDRAW_MS = 2_000;

/** How many problems are named, and how many types of events are counted. */
const WRONG_MAX = 3;
const TYPES_MAX = 6;

/** The least number of events that are shown, however small the screen is. */
const EVENTS_MIN = 3;

interface Screen {
  readonly columns: number;
  readonly rows: number;
}

export function topCommand(print: Print): Command {
  return whereApiIs(new Command('top'))
    .description('show live what happens: fleets, events a second, and the latest events')
    .action(async ({ api }: CommonOptions) => {
      const asked = apiOf({ api });
      const ticker = new EventTicker(asked);
      const headOf = async () => {
        const seen = await look(asked);
        return [summaryOf(api, seen), ...wrongOf(findingsOf(seen).wrong)];
      };
      const away = (error: unknown) => [`Berth at ${api}: ${errorMessage(error)}`];
      let head = await headOf();
      void ticker.follow(new AbortController().signal);
      for (;;) {
        const { columns = 80, rows = 24, isTTY } = process.stdout;
        const screen = screenOf(head, ticker, { columns, rows }, Date.now());
        clearScreen();
        print(isTTY ? screen : `${screen}\n`);
        await sleep(REDRAW_MS);
        head = await headOf().catch(away);
      }
    });
}

const wrongOf = (wrong: readonly { readonly what: string }[]) =>
  wrong.slice(0, WRONG_MAX).map(({ what }) => `WRONG: ${what}`);

/** The text of a screen; every line fits into it. */
export function screenOf(
  head: readonly string[],
  ticker: Pick<EventTicker, 'latest' | 'trouble' | 'rates'>,
  { columns, rows }: Screen,
  nowMs: number,
): string {
  const rates = ticker
    .rates(nowMs)
    .slice(0, TYPES_MAX)
    .map(([type, aSecond]) => `${type} ${aSecond.toFixed(1)}`);
  const told = [
    ...head.flatMap((text) => text.split('\n')),
    '',
    rates.length === 0 ? `No event within ${WINDOW_S} s.` : `Events a second: ${rates.join(', ')}`,
    ticker.trouble === null ? '' : `STALE: ${ticker.trouble}`,
  ];
  const room = Math.max(EVENTS_MIN, rows - told.length - 1);
  const events = ticker.latest.slice(0, room).map(lineOf);
  return [...told, ...events].map((line) => cut(printable(line), columns)).join('\n');
}

function lineOf(event: z.output<typeof eventAnswer>): string {
  const { slot, type } = event;
  if (!('at' in event)) return [slot, type, event.reason].join('  ');
  const time = new Date(event.at).toISOString().slice(11, 19);
  return [time, slot, type, whyOf(type, event.data)].filter(Boolean).join('  ');
}

function cut(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, columns - 1)}…`;
}
