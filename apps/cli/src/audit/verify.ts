import {
  Verification,
  type KeptLog,
  type KeptVerification,
  type MessagePlace,
  type Replayed,
  type VerificationReport,
} from '#audit';
import type { StoredMessage } from '#kernel';
import { createHash } from 'node:crypto';
import type { EventMeter } from './event-meter.js';
import { replayersFor, type Replayers } from './replayers/replayers.js';

/** After so many events it is noted how far a verification has come. */
const NOTED_EVENTS = 500_000;

/** A verification that goes on later, and the event at its end, by which the log is known again. */
export interface Noted {
  readonly digest: string;
  readonly verification: KeptVerification;
}

export interface VerifyDeps {
  readonly earlier?: Noted | undefined;
  readonly signal: AbortSignal;
  readonly save?: ((noted: Noted) => Promise<void>) | undefined;
  readonly meter: EventMeter;
}

export interface Verified {
  readonly report: VerificationReport;
  /** Whether all was read. */
  readonly isWhole: boolean;
  /** How many events this run has read. */
  readonly taken: number;
  /** How long this run took. */
  readonly seconds: number;
  /** The time of processors that it took, of all threads of the process. */
  readonly cpuSeconds: number;
}

/** The log is another one than was verified before. */
class OtherLog extends Error {
  override readonly name = 'OtherLog';
}

/**
 * Verifies what is kept of a region, from the beginning or from where an earlier run has ended.
 *
 * @throws {OtherLog} at the end of the earlier run stands another event
 * @throws {TransientError} JetStream does not answer
 */
export async function verifyKept(
  kept: KeptLog,
  { earlier, signal, save, meter }: VerifyDeps,
): Promise<Verified> {
  if (earlier !== undefined) await requireSame(kept, earlier);
  const startedAt = performance.now();
  const startedCpu = process.cpuUsage();
  const total = kept.last - (earlier?.verification.last.sequence ?? 0);
  const run = new Run(kept.wholeSince, earlier, replayersFor(total, earlier?.verification.heads));
  meter.begin();
  try {
    for await (const messages of kept.read(run.sequence)) {
      if (signal.aborted) break;
      for (const message of messages) {
        if (run.add(message)) await run.replay();
      }
      meter.reach(run.taken, total);
      if (save !== undefined && run.unsaved >= NOTED_EVENTS) await save(await run.note());
    }
    meter.end();
    await save?.(await run.note());
    const report = await run.report();
    const seconds = (performance.now() - startedAt) / 1_000;
    const { user, system } = process.cpuUsage(startedCpu);
    const cpuSeconds = (user + system) / 1e6;
    return { report, isWhole: !signal.aborted, taken: run.taken, seconds, cpuSeconds };
  } finally {
    await run.close();
  }
}

/** Messages are replayed together, at most so many, and of at most so many bytes. */
const TOGETHER_EVENTS = 10_000;
const TOGETHER_BYTES = 16 * 1024 * 1024;

/** A verification under way: messages are replayed while the next ones are read. */
class Run {
  taken = 0;
  unsaved = 0;
  private readonly verification: Verification;
  private places: MessagePlace[] = [];
  private bytes = 0;
  private under: Promise<void> = Promise.resolve();
  private body: Uint8Array | undefined;

  constructor(
    wholeSince: number,
    private readonly earlier: Noted | undefined,
    private readonly replayers: Replayers,
  ) {
    this.verification = new Verification(wholeSince, earlier?.verification);
  }

  get sequence(): number {
    return this.verification.sequence;
  }

  /** Takes the next message. Returns whether it is time to replay. */
  add(message: StoredMessage): boolean {
    const { subject, sequence, expected, body } = message;
    this.replayers.add(message);
    this.places.push({ subject, sequence, expected });
    this.body = body;
    this.bytes += body.length;
    return this.places.length >= TOGETHER_EVENTS || this.bytes >= TOGETHER_BYTES;
  }

  /** Replays what was added; returns when what was added before that has been replayed. */
  async replay(): Promise<void> {
    const { places, under: before } = this;
    [this.places, this.bytes] = [[], 0];
    this.under = this.noteAll(places, before, this.replayers.replay());
    // It is awaited with the next messages, and may fail before those come.
    this.under.catch(() => undefined);
    this.taken += places.length;
    this.unsaved += places.length;
    await before;
  }

  async note(): Promise<Noted> {
    await this.finish();
    this.unsaved = 0;
    const { body } = this;
    const digest = (body === undefined ? this.earlier?.digest : digestOf(body)) ?? '';
    return { digest, verification: this.verification.keep(await this.replayers.keep()) };
  }

  async report(): Promise<VerificationReport> {
    await this.finish();
    return this.verification.report();
  }

  close(): Promise<void> {
    return this.replayers.close();
  }

  private async finish(): Promise<void> {
    await this.replay();
    await this.under;
  }

  private async noteAll(
    places: readonly MessagePlace[],
    before: Promise<void>,
    replayed: Promise<readonly Replayed[]>,
  ): Promise<void> {
    const [told] = await Promise.all([replayed, before]);
    let index = 0;
    for (const place of places) {
      const one = told[index];
      if (one !== undefined) this.verification.note(place, one);
      index += 1;
    }
  }
}

async function requireSame(kept: KeptLog, { digest, verification }: Noted): Promise<void> {
  const { sequence } = verification.last;
  // It was interrupted before it had read anything.
  if (sequence === 0) return;
  // What was forgotten since cannot be compared.
  const body = await kept.body(sequence);
  if (kept.last >= sequence && (body === undefined || digestOf(body) === digest)) return;
  throw new OtherLog(
    `at ${sequence} stands another event than was verified there: verify it all, without --resume`,
  );
}

function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url');
}
