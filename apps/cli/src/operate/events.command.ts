import { whyOf } from '#audit';
import { type eventAnswer, eventsAnswer } from '#http-api';
import { printable } from '#kernel';
import { Command, InvalidArgumentError } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Api } from './api.js';
import { INSTANT_HELP, instantOf } from '../audit/instant.js';
import { showSlotThen } from '../audit/slot-then.js';
import { apiOf, onApi, type CommonOptions, type Print } from './common-options.js';
import { queryOf } from './query.js';
import { table } from './table.js';

type Event = z.output<typeof eventAnswer>;
type Page = z.output<typeof eventsAnswer>;

/** The API gives so many events at once. */
const PAGE = 1_000;
/** Between two questions for new events (ms). */
const FOLLOW_MS = 1_000;

interface HistoryOptions extends CommonOptions {
  readonly limit: number;
  readonly after: number;
  readonly tail?: number;
  readonly follow?: true;
  readonly at?: number;
}

/** `berth events`, and `berth audit slot`. */
export function historyCommand(name: 'events' | 'slot', print: Print): Command {
  return onApi(new Command(name))
    .argument('<slot>', 'region.agent.slot')
    .description('show the history of a slot, the newest event last')
    .option('--limit <count>', 'how many to list at most', count, 100)
    .option('--after <sequence>', 'only those after this one', count, 0)
    .option('--tail <count>', 'only so many of the last ones', count)
    .option('--follow', 'go on with new events until interrupted')
    .option('--at <time>', `the slot as it was then: ${INSTANT_HELP}`, (text) => instantOf(text))
    .action(async (slot: string, options: HistoryOptions) => {
      if (options.at !== undefined) return showSlotThen(print, options, slot, options.at);
      const { tail, follow, limit, after } = options;
      const history = new History(apiOf(options), slot);
      const page =
        tail === undefined && follow === undefined
          ? await history.page(after, Math.min(limit, PAGE))
          : await history.last(after, tail ?? limit);
      show(print, options, page.events);
      if (page.next !== undefined && !options.json) print(`more: --after ${page.next}`);
      if (follow) await goOn(history, page.events.at(-1)?.sequence ?? after, options, print);
    });
}

/** Prints what comes after a sequence, for ever. */
async function goOn(history: History, after: number, options: HistoryOptions, print: Print) {
  for (let last = after; ;) {
    const { events } = await history.page(last, PAGE);
    last = events.at(-1)?.sequence ?? last;
    if (options.json) show(print, options, events);
    else
      for (const event of events) print(cellsOf(event).filter(Boolean).map(printable).join('  '));
    if (events.length < PAGE) await sleep(FOLLOW_MS);
  }
}

class History {
  constructor(
    private readonly api: Api,
    private readonly slot: string,
  ) {}

  page(after: number, limit: number, last?: number): Promise<Page> {
    const query = queryOf({ limit, after, last });
    const path = `/v1/slots/${encodeURIComponent(this.slot)}/events?${query}`;
    return this.api.get(path, eventsAnswer);
  }

  /** The last events of all, at most so many. */
  async last(after: number, most: number): Promise<Page> {
    if (most > 0 && most <= PAGE) return this.page(after, most, most);
    let events: Event[] = [];
    for (let next: number | undefined = after; next !== undefined;) {
      const page: Page = await this.page(next, PAGE);
      events = [...events, ...page.events].slice(-most);
      next = page.next;
    }
    return { events: most === 0 ? [] : events };
  }
}

/** As a table, or one JSON document a line. */
function show(print: Print, { json }: CommonOptions, events: readonly Event[]): void {
  if (json) return events.forEach((event) => print(JSON.stringify(event), 'verbatim'));
  print(table(['sequence', 'at', 'event', 'state', 'by', 'why'], events.map(cellsOf)));
}

function cellsOf(event: Event): readonly string[] {
  const { sequence, type } = event;
  if (!('at' in event)) return [String(sequence), '', type, '', '', event.reason];
  const { at, state, by = '', data } = event;
  return [String(sequence), new Date(at).toISOString(), type, state, by, whyOf(type, data)];
}

function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('must be a whole number');
}
