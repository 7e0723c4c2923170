import { whyOf } from '#audit';
import { findingsOf, type Seen } from '#diagnosis';
import type { eventAnswer } from '#http-api';
import { errorMessage, printable } from '#kernel';
import { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { apiOf, onApi, type CommonOptions, type Print } from './common-options.js';
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
  return onApi(new Command('top'))
    .description('show live what happens: fleets, events a second, and the latest events')
    .action(async (options: CommonOptions) => {
      const asked = apiOf(options);
      const ticker = new EventTicker(asked);
      const first = await look(asked);
      void ticker.follow(new AbortController().signal);
      for (let seen: Seen | string = first; ;) {
        if (options.json) print(JSON.stringify(tickOf(seen, ticker, Date.now())), 'verbatim');
        else draw(print, headOf(options.api, seen), ticker);
        await sleep(REDRAW_MS);
        seen = await look(asked).catch(errorMessage);
      }
    });
}

function draw(print: Print, head: readonly string[], ticker: EventTicker): void {
  const { columns, rows, isTTY } = process.stdout;
  const screen = screenOf(head, ticker, { columns: columns || 80, rows: rows || 24 }, Date.now());
  clearScreen();
  print(isTTY ? screen : `${screen}\n`);
}

/** @param seen what was seen, or why nothing was */
function headOf(api: string, seen: Seen | string): readonly string[] {
  if (typeof seen === 'string') return [`Berth at ${api}: ${seen}`];
  return [summaryOf(api, seen), ...wrongOf(findingsOf(seen).wrong)];
}

/** What one screen tells, with the latest events of all, as one document. */
function tickOf(seen: Seen | string, ticker: EventTicker, nowMs: number): object {
  const state = typeof seen === 'string' ? { away: seen } : { ...seen, ...findingsOf(seen) };
  const { latest, trouble } = ticker;
  return { at: nowMs, ...state, rates: Object.fromEntries(ticker.rates(nowMs)), latest, trouble };
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
