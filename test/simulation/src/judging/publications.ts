import { allocationResult, decodeJson, resultSubject } from '#wire';
import { REGION } from '../schedule.js';
import type { Grants } from './grants.js';
import type { Accuser } from './violation.js';

/** Allocators may give up a request this long before its time is over (ms). */
const APART_MS = 1_100;

/** Checks that published requests are served or expire, and that their results are true. */
export class Publications {
  /** By subject of the result: how long unanswered requests may wait (ms). */
  private readonly open = new Map<string, number>();
  private readonly waits = new Map<string, number>();

  constructor(
    private readonly judge: Accuser & { readonly grants: Grants },
    private readonly now: () => number,
  ) {}

  /** A request was stored in the queue. */
  published(id: string, waitMs: number): void {
    const subject = resultSubject(REGION, id);
    if (this.waits.has(subject)) return;
    this.waits.set(subject, waitMs);
    this.open.set(subject, waitMs);
  }

  /** An outcome is recorded. */
  recorded(subject: string, body: Uint8Array): void {
    const waitMs = this.waits.get(subject);
    if (waitMs === undefined) return;
    this.open.delete(subject);
    const { allocationId, answer, publishedAt } = decodeJson(allocationResult, body);
    if (answer.status === 'allocated') return this.judge.grants.told(allocationId, answer);
    if (answer.code === 'ended') return this.judge.grants.toldOfEnd(allocationId);
    if (answer.code !== 'expired' || this.now() + APART_MS >= publishedAt + waitMs) return;
    this.judge.violated(
      'what was published is served or expires',
      `${allocationId} expired ${publishedAt + waitMs - this.now()} ms too early`,
    );
  }

  /** Number of requests that wait for their result. */
  get unanswered(): number {
    return this.open.size;
  }
}
