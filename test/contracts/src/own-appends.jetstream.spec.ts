import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog, LogSubscription } from '#kernel';
import { connectNats, JetStreamEventLog } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Collector } from './collector.js';
import { JetStreamBench, writeSurely, type JetStreamUnderTest } from './jetstream.js';
import { noteCodec, type Note } from './note.js';

/** Subjects that one process appends to at the same time: the fewer, the fewer appends a second. */
const SUBJECTS = 16;

const OWN_TEXT = 'own';

const clock = new SystemClock();

let bench: JetStreamBench;
let made: JetStreamUnderTest;
let manager: JetStreamManager;
let connection: NatsConnection;
/** The same log in another process. */
let others: EventLog<Note>;
let own: OwnWriter;
let following: LogSubscription;

beforeEach(async () => {
  bench = await JetStreamBench.start({ syncAlways: false });
  made = await bench.makeLog();
  manager = await jetstreamManager(bench.connection);
  connection = await connectNats({ servers: bench.server.url, name: 'another' });
  const { stream } = made;
  others = await JetStreamEventLog.open(connection, { stream, codec: noteCodec, clock });
  own = new OwnWriter();
  following = await made.log.follow(0, own);
});

afterEach(async () => {
  await own.stop();
  following.close();
  await connection.close();
  await bench.stop();
});

/** Appends without a pause, and has what it appended, like an allocator. */
class OwnWriter extends Collector {
  private readonly stored = new Set<number>();
  private writing: Promise<unknown> | undefined;
  private isStopped = false;
  last = 0;

  has(_subject: string, sequence: number): boolean {
    return this.stored.has(sequence);
  }

  start(): void {
    this.isStopped = false;
    const subjects = Array.from({ length: SUBJECTS }, (_, index) => `${made.root}.own.${index}`);
    this.writing = Promise.all(subjects.map((subject) => this.write(subject)));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.writing;
  }

  /**
   * Sequences of what others appended. An own event may be delivered as well: while the delivery is
   * open, it can come before the answer to its append, and then it is not yet had.
   */
  get foreign(): readonly number[] {
    return this.items
      .filter((item) => item.kind === 'recorded' && item.record.text !== OWN_TEXT)
      .map(({ sequence }) => sequence);
  }

  private async write(subject: string): Promise<void> {
    let last = (await made.log.last(subject))?.sequence ?? 0;
    while (!this.isStopped) {
      last = await writeSurely(made.log, subject, last, OWN_TEXT);
      this.stored.add(last);
      this.last = Math.max(this.last, last);
    }
  }
}

/** Resolves when the server has nothing to deliver. */
async function untilSuspended(): Promise<void> {
  const consumers = async () => (await manager.streams.info(made.stream)).state.consumer_count;
  while ((await consumers()) > 0) await clock.sleep(10);
}

async function untilRead(sequence: number): Promise<void> {
  while (following.sequence < sequence) await clock.sleep(10);
}

const foreign = (text: string) => writeSurely(others, `${made.root}.other.${text}`, 0, text);

describe('A follower while only its own process appends', () => {
  it('has read the log although nothing is delivered', async () => {
    own.start();
    await untilSuspended();
    await untilRead(own.last);
    await own.stop();
    await untilRead(await made.log.end());
    expect(following.silentMs).toBeLessThan(2_000);
  });

  it('is sent what another process appends meanwhile, each once and in order', async () => {
    own.start();
    const sequences: number[] = [];
    for (const text of ['a', 'b', 'c']) {
      await untilSuspended();
      sequences.push(await foreign(`${text}1`), await foreign(`${text}2`));
      await own.untilText(`${text}2`);
    }
    await own.stop();
    expect(own.foreign).toEqual(sequences);
  });

  it('is sent what another process appends when its own appends have ceased', async () => {
    own.start();
    await untilSuspended();
    await own.stop();
    const sequence = await foreign('a');
    await own.untilText('a');
    expect(own.foreign).toEqual([sequence]);
  });

  it('misses nothing when the server is killed and comes back', async () => {
    own.start();
    await untilSuspended();
    await bench.server.kill();
    const written = foreign('a');
    await bench.server.restart();
    const sequence = await written;
    await own.untilText('a');
    await own.stop();
    await untilRead(await made.log.end());
    expect(own.texts.filter((text) => text === 'a')).toHaveLength(1);
    expect(own.sequences).toContain(sequence);
  });
});
