import { NatsBus } from '#jetstream';
import {
  DeadlinePassed,
  NobodyListens,
  type Bus,
  type BusMessage,
  type NotPermitted,
} from '#kernel';
import { ask } from '#rpc';
import type { SlotRef } from '#slot';
import {
  endpoints,
  decodeJson,
  LOG_LEASE_MS,
  LOG_LINES_MAX,
  logChunk,
  slotNamed,
  type LogChunk,
} from '#wire';
import { Command, InvalidArgumentError } from 'commander';
import { connectAs, onNats, type NatsOptions } from '../nats.js';
import { LogPrinter } from './log-printer.js';
import type { Print } from './common-options.js';

const ANSWER_MS = 5_000;

interface LogsOptions extends NatsOptions {
  readonly lines: number;
  readonly follow?: boolean;
}

export function logsCommand(print: Print): Command {
  return onNats(new Command('logs'))
    .argument('<slot>', 'region.agent.slot')
    .description("show the output of a slot's games, of past sessions too")
    .option('--lines <count>', `how many of the last lines, ${LOG_LINES_MAX} at most`, count, 100)
    .option('--follow', 'go on with new output until interrupted')
    .action(async (name: string, { lines, follow = false, ...options }: LogsOptions) => {
      const connection = await connectAs('berth-logs', options, ANSWER_MS);
      const interrupted = new Promise<void>((resolve) => process.once('SIGINT', resolve));
      try {
        await showLogs(new NatsBus(connection), name, { lines, follow }, print, interrupted);
      } finally {
        await connection.close();
      }
    });
}

/** Prints lines of a slot's log. If `follow` is set, goes on until `ended` resolves. */
export async function showLogs(
  bus: Bus,
  name: string,
  { lines, follow }: { readonly lines: number; readonly follow: boolean },
  print: Print,
  ended: Promise<void>,
): Promise<void> {
  const ref = slotNamed(name);
  if (ref === undefined) throw new Error(`${name} is no slot; slots are region.agent.slot`);
  const printer = new LogPrinter(print);
  if (!follow) return printer.end(await read(bus, ref, lines, follow));
  // Subscribe before asking, so that no line between the answer and the first new line is missed.
  const early: LogChunk[] = [];
  let take = (chunk: LogChunk): void => void early.push(chunk);
  const receive = ({ body }: BusMessage) => take(decodeJson(logChunk, body));
  let refuse: (refusal: NotPermitted) => void = () => undefined;
  const refused = new Promise<never>((_, reject) => (refuse = reject));
  refused.catch(() => undefined);
  const output = endpoints.output.subject.of(ref);
  const subscription = bus.subscribe(output, receive, { refused: refuse });
  printer.take(await read(bus, ref, lines, follow));
  take = (chunk) => printer.take(chunk);
  for (const chunk of early) printer.take(chunk);
  const renewal = setInterval(() => {
    // If the agent was away for a while, this starts the following again.
    read(bus, ref, 0, follow).catch(() => undefined);
  }, LOG_LEASE_MS / 3);
  try {
    await Promise.race([ended, refused]);
  } finally {
    clearInterval(renewal);
    subscription.close();
  }
}

async function read(bus: Bus, ref: SlotRef, lines: number, follow: boolean): Promise<LogChunk> {
  try {
    const answer = await ask(bus, endpoints.logs, ref, { lines, follow });
    if (answer.status === 'refused') throw new Error(answer.message);
    return answer.chunk;
  } catch (error) {
    if (error instanceof NobodyListens || error instanceof DeadlinePassed) {
      throw new Error('the agent of this slot does not answer; `berth agents` lists lost agents', {
        cause: error,
      });
    }
    throw error;
  }
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= LOG_LINES_MAX) return value;
  throw new InvalidArgumentError(`must be a whole number from 0 to ${LOG_LINES_MAX}`);
}
