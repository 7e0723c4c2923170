import type { FleetAt, FleetDiff } from '#audit';
import {
  archiveStreamConfig,
  archiveStreamName,
  connectNats,
  ensureStream,
  JetStreamEventLog,
  slotStreamConfig,
  slotStreamName,
} from '#jetstream';
import { SeededRandom } from '#memory';
import { startNatsServer, type NatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import { slot, type SlotCommand } from '#slot';
import { aLife } from '#testing';
import { liveSubject, slotRecordCodec, slotsSubject, slotSubject, type SlotRecord } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { program } from '../program.js';

const REGION = 'eu';
const SLOTS = 30;
const MOMENTS = 10;
const SEED = 20_260_117;
const NAMES = Array.from({ length: SLOTS }, (_, index) => ({
  region: REGION,
  agent: `m-${index % 3}`,
  slot: String(index),
}));

let folder: string;
let server: NatsServer;
let connection: NatsConnection;
let log: JetStreamEventLog<SlotRecord>;
let notes: readonly Note[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-at-'));
  server = await startNatsServer({ dataDirectory: folder });
  connection = await connectNats({ servers: server.url, name: 'test' });
  await ensureStream(connection, slotStreamConfig(REGION));
  await ensureStream(connection, archiveStreamConfig(REGION, 90));
  const stream = slotStreamName(REGION);
  const codec = slotRecordCodec;
  log = await JetStreamEventLog.open(connection, { stream, codec, clock: new SystemClock() });
  notes = await storm();
}, 60_000);
afterAll(async () => {
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a follower has seen of each slot until a moment. */
interface Note {
  readonly at: number;
  readonly slots: Map<string, Seen>;
}

interface Seen {
  readonly sequence: number;
  readonly status: string;
  readonly allocation: string | null;
}

/** Follows what the server republishes, and reads nothing but the documents themselves. */
class Follower {
  readonly notes: Note[] = [];
  private readonly now = new Map<string, Seen>();
  private readonly random = new SeededRandom(SEED);
  private heard = 0;
  private noteAt = 10;

  constructor(from: NatsConnection) {
    const decoder = new TextDecoder();
    from.subscribe(liveSubject(slotsSubject(REGION)), {
      callback: (_, { data, headers }) => {
        const document = JSON.parse(decoder.decode(data));
        const { value, context } = document.data.state;
        const seen = {
          sequence: Number(headers?.get('Nats-Sequence')),
          status: typeof value === 'string' ? value : Object.keys(value)[0]!,
          allocation: context.allocation?.id ?? null,
        };
        const name = document.subject.split('.').slice(1).join('.');
        this.now.set(name, seen);
        for (const { at, slots } of this.notes) {
          if (Date.parse(document.time) <= at) slots.set(name, seen);
        }
        this.heard += 1;
        if (this.heard >= this.noteAt) this.note();
      },
    });
  }

  private note(): void {
    if (this.notes.length === MOMENTS) return;
    this.notes.push({ at: Date.now(), slots: new Map(this.now) });
    this.noteAt = this.heard + 5 + Math.floor(this.random.fraction() * 30);
  }
}

/** Two writers for each slot, who get in each other's way, and random lives. */
async function storm(): Promise<readonly Note[]> {
  const follower = new Follower(connection);
  const lives = fc.sample(aLife(40), { numRuns: SLOTS * 2, seed: SEED });
  const writers = lives.map(({ turns }, index) =>
    write(
      index % SLOTS,
      turns.map(({ command }) => command),
    ),
  );
  await Promise.all(writers);
  await connection.flush();
  return follower.notes;
}

async function write(index: number, commands: readonly SlotCommand[]): Promise<void> {
  const subject = slotSubject(NAMES[index]!);
  let expected = 0;
  let state = slot.initial;
  for (const [turn, command] of commands.entries()) {
    await sleep((index * 7 + turn * 13) % 40);
    const decision = slot.decide(state, { ...command, at: Date.now() });
    if (decision.kind === 'refused') continue;
    for (const step of decision.steps) {
      const record = { id: crypto.randomUUID(), source: 'berth/allocator/a', ...step };
      const verdict = await log.append({ subject, expected, record });
      if (verdict.kind === 'stored') [expected, state] = [verdict.sequence, step.state];
      else {
        const last = await log.last(subject);
        if (last?.kind !== 'recorded') throw new Error('a slot has a readable event');
        [expected, state] = [last.sequence, last.record.state];
        break;
      }
    }
  }
}

async function audit(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const typed = ['audit', ...words, '--region', REGION, '--nats', server.url];
  await program((text) => printed.push(text)).parseAsync(typed, { from: 'user' });
  return printed.join('\n');
}

async function json<T>(...words: readonly string[]): Promise<T> {
  return JSON.parse(await audit(...words, '--json')) as T;
}

function noted({ slots }: Note) {
  return [...slots]
    .filter(([, { status }]) => status !== 'retired')
    .map(([id, seen]) => ({ id, ...seen }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

async function found({ at }: Note) {
  const { slots, unknown } = await json<FleetAt>('at', new Date(at).toISOString());
  expect(unknown).toEqual([]);
  return slots.map(({ id, sequence, status, allocation }) => {
    return { id, sequence, status, allocation: allocation?.allocationId ?? null };
  });
}

describe('berth audit at', () => {
  it('shows what a follower had noted at ten moments of a storm', async () => {
    expect(notes).toHaveLength(MOMENTS);
    for (const note of notes) expect(await found(note)).toEqual(noted(note));
  });

  it('shows the same of slots that only the archive knows', async () => {
    const manager = await jetstreamManager(connection);
    const { last_seq } = (await manager.streams.info(slotStreamName(REGION))).state;
    const archive = archiveStreamName(REGION);
    while ((await manager.streams.info(archive)).state.last_seq < last_seq) await sleep(20);
    for (const ref of NAMES.slice(0, 5)) {
      await manager.streams.purge(slotStreamName(REGION), { filter: slotSubject(ref) });
    }
    for (const note of notes) expect(await found(note)).toEqual(noted(note));
  });

  it('shows a table, of one fleet or status only, and no slot before the first event', async () => {
    const { at } = notes.at(-1)!;
    const time = new Date(at).toISOString();
    const text = await audit('at', time, '--fleet', 'harbour', '--status', 'allocated');
    const shown = noted(notes.at(-1)!).filter(({ status }) => status === 'allocated');
    expect(text).toContain(`eu at ${time}: ${shown.length} slots`);
    for (const { id, allocation } of shown) {
      expect(text).toMatch(new RegExp(`^${id} +allocated.* ${allocation!}`, 'm'));
    }
    expect(await audit('at', '2020-01-01')).toContain('0 slots');
  });

  it.each([
    ['tomorrow', 'must be a date and time'],
    ['2999-01-01', 'has not come yet'],
    ['2026-02-30T25:00:00Z', 'must be a date and time'],
  ])('refuses %s as an instant', async (text, says) => {
    const command = program(() => undefined);
    const typed = ['audit', 'at', text, '--region', REGION, '--nats', server.url];
    for (const one of [command, ...command.commands]) one.exitOverride();
    const at = command.commands
      .find((one) => one.name() === 'audit')!
      .commands.find((one) => one.name() === 'at')!;
    at.exitOverride().configureOutput({ writeErr: () => undefined });
    await expect(command.parseAsync(typed, { from: 'user' })).rejects.toThrow(says);
  });
});

describe('berth audit diff', () => {
  it('names each slot that differs, with who had it then and later', async () => {
    const [from, to] = [notes[2]!, notes[8]!];
    const diff = await json<FleetDiff>(
      'diff',
      new Date(from.at).toISOString(),
      new Date(to.at).toISOString(),
    );
    const olds = new Map(noted(from).map((seen) => [seen.id, seen]));
    const news = new Map(noted(to).map((seen) => [seen.id, seen]));
    for (const { id, before, after } of diff.changed) {
      expect([before?.sequence, after?.sequence]).toEqual([
        olds.get(id)?.sequence,
        news.get(id)?.sequence,
      ]);
    }
    const changed = new Set(diff.changed.map(({ id }) => id));
    const others = [...olds.keys(), ...news.keys()].filter((id) => !changed.has(id));
    for (const id of others) {
      const [one, other] = [olds.get(id), news.get(id)];
      expect([one?.status, one?.allocation]).toEqual([other?.status, other?.allocation]);
    }
    expect(diff.changed.length).toBeGreaterThan(0);
    expect(diff.slots).toBe(new Set([...olds.keys(), ...news.keys()]).size);
  });

  it('differs in nothing from itself', async () => {
    const time = new Date(notes[4]!.at).toISOString();
    expect(await audit('diff', time, time)).toContain('0 of');
  });
});
