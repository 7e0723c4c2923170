import { outputAnswer } from '#http-api';
import { LOG_LINES_MAX } from '#wire';
import { Command, InvalidArgumentError } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { interruptible } from '../interruptible.js';
import { isAway, type Api } from './api.js';
import { apiOf, onApi, type CommonOptions, type Print } from './common-options.js';
import { JsonLogPrinter, LogPrinter } from './log-printer.js';
import { queryOf } from './query.js';

/** How often the output is asked for while it is followed (ms). */
const LOOK_MS = 250;

/** Pause before an API that is away is asked again (ms). */
const AGAIN_MS = 1_000;

interface Wanted {
  readonly lines: number;
  readonly follow?: boolean;
  /** Prints each part of the log as a line of JSON. */
  readonly json?: true;
}

export function logsCommand(print: Print): Command {
  return onApi(new Command('logs'))
    .argument('<slot>', 'region.agent.slot')
    .description("show the output of a slot's games, of past sessions too")
    .option('--lines <count>', `how many of the last lines, ${LOG_LINES_MAX} at most`, count, 100)
    .option('--follow', 'go on with new output until interrupted')
    .action(async (slot: string, options: CommonOptions & Wanted) => {
      await interruptible((signal) => showLogs(apiOf(options), slot, options, print, signal));
    });
}

/** Prints lines of a slot's log. If `follow` is set, goes on until it is interrupted. */
export async function showLogs(
  api: Api,
  slot: string,
  { lines, follow, json }: Wanted,
  print: Print,
  interruption: AbortSignal,
): Promise<void> {
  const read = (wanted: { readonly lines?: number; readonly after?: number }) =>
    api.get(`/v1/slots/${encodeURIComponent(slot)}/output?${queryOf(wanted)}`, outputAnswer);
  const printer = json ? new JsonLogPrinter(print) : new LogPrinter(print);
  let last = await read({ lines });
  if (!follow) return printer.end(last);
  printer.take(last);
  const pause = (ms: number) =>
    sleep(ms, undefined, { signal: interruption }).catch(() => undefined);
  for (let ms = LOOK_MS; ;) {
    await pause(ms);
    if (interruption.aborted) return;
    try {
      const next = await read({ after: last.to });
      // Positions of another start of the agent mean nothing to this one.
      last = next.incarnation === last.incarnation ? next : await read({ lines: 0 });
      printer.take(last);
      ms = LOOK_MS;
    } catch (error) {
      // The gateway or the agent starts anew: what was written meanwhile comes with the next answer.
      if (!isAway(error)) throw error;
      ms = AGAIN_MS;
    }
  }
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= LOG_LINES_MAX) return value;
  throw new InvalidArgumentError(`must be a whole number from 0 to ${LOG_LINES_MAX}`);
}
