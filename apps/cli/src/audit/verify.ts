import { Verification, type KeptLog, type KeptVerification, type VerificationReport } from '#audit';
import { createHash } from 'node:crypto';
import type { EventMeter } from './event-meter.js';

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
  /** How long this run took. */
  readonly seconds: number;
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
  const verification = new Verification(kept.wholeSince, earlier?.verification);
  let body: Uint8Array | undefined;
  let taken = 0;
  const digest = () => (body === undefined ? earlier?.digest : digestOf(body)) ?? '';
  const note = async () => save?.({ digest: digest(), verification: verification.keep() });
  const total = kept.last - verification.sequence;
  meter.begin();
  for await (const message of kept.read(verification.sequence)) {
    if (signal.aborted) break;
    verification.take(message);
    ({ body } = message);
    taken += 1;
    meter.reach(taken, total);
    if (taken % NOTED_EVENTS === 0) await note();
  }
  meter.end();
  await note();
  const seconds = (performance.now() - startedAt) / 1_000;
  return { report: verification.report(), isWhole: !signal.aborted, seconds };
}

async function requireSame(kept: KeptLog, { digest, verification }: Noted): Promise<void> {
  const { sequence } = verification.last;
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
