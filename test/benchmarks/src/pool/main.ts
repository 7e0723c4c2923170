/** Measures the pool alone: the cost of a pick, an event and a slot, by the number of slots. */
import { SeededRandom } from '#memory';
import { Pool, type SlotHead, type SlotRequirements } from '#pool';
import { slot, type SlotState } from '#slot';
import { anEvent } from '#testing';
import { slotOfSubject } from '#wire';
import { heads } from './heads.js';

/** Number of slots that are decoded before the pool takes them, so that only the pool is timed. */
const BATCH = 1_000;

const PICKS = 20_000;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 3;

/** Number of slots that are claimed together, like requests in flight at the same time. */
const CLAIMS = 64;
const BATCHES = 20;

const required: SlotRequirements = { fleet: 'fleet-1', attributes: { map: 'docks' } };

interface Result {
  readonly slots: number;
  /** Heap per slot, including its state (bytes). */
  readonly heap: number;
  /** Time to take a slot's head at the start, without decoding it (µs). */
  readonly apply: number;
  /** Time to pick a slot and release it (µs). */
  readonly pick: number;
  /** Time for a pick, the event of its claim, and the event that ends it (µs). */
  readonly claim: number;
}

/** Sequence of the events after the start. */
let sequence = 1_000_000_000;

const { gc } = globalThis;
if (gc === undefined) throw new Error('start node with --expose-gc');
const sizes = process.argv.slice(2).map(Number);
console.table(measure(sizes.length === 0 ? [1_000, 100_000, 1_000_000] : sizes));

/** The sizes take turns, so that other work of the machine disturbs them equally. */
function measure(of: readonly number[]): readonly Result[] {
  // Compiled code and objects that are allocated only once must not count.
  fill(BATCH);
  const filled = of.map((slots) => fill(slots));
  const turns = Array.from({ length: ROUNDS + WARM_UP_ROUNDS }, () =>
    filled.map(({ pool }) => ({ pick: pickOften(pool), claim: claimOften(pool) })),
  ).slice(WARM_UP_ROUNDS);
  return filled.map(({ slots, heap, apply }, index) => ({
    slots,
    heap: Math.round(heap),
    apply: round(apply),
    pick: round(median(turns.map((turn) => turn[index]?.pick ?? NaN))),
    claim: round(median(turns.map((turn) => turn[index]?.claim ?? NaN))),
  }));
}

function fill(slots: number) {
  const before = heapUsed();
  const pool = new Pool({ random: new SeededRandom(1), agentOf });
  let spentMs = 0;
  let batch: SlotHead[] = [];
  const take = () => {
    const began = cpuMs();
    for (const head of batch) pool.apply(head);
    spentMs += cpuMs() - began;
    batch = [];
  };
  for (const head of heads(slots)) if (batch.push(head) === BATCH) take();
  take();
  const heap = (heapUsed() - before) / slots;
  return { pool, slots, heap, apply: (spentMs * 1_000) / slots };
}

function agentOf(subject: string): string {
  return slotOfSubject(subject).agent;
}

function pickOften(pool: Pool): number {
  const began = cpuMs();
  for (let done = 0; done < PICKS; done += 1) {
    const picked = pool.pick({ ...required });
    if (picked === undefined) throw new Error('nothing is free');
    pool.release(picked.head.subject);
  }
  return ((cpuMs() - began) * 1_000) / PICKS;
}

function claimOften(pool: Pool): number {
  let spentMs = 0;
  for (let done = 0; done < BATCHES; done += 1) {
    let began = cpuMs();
    const picked = Array.from({ length: CLAIMS }, () => pool.pick({ ...required })?.head);
    spentMs += cpuMs() - began;
    const claims = picked.map((head, index) => {
      if (head === undefined) throw new Error('nothing is free');
      return { ...head, state: claimed(head.state, `match-${index}`) };
    });
    began = cpuMs();
    for (const { subject, state } of claims) {
      pool.apply({ subject, sequence: (sequence += 1), at: 0, state });
      pool.release(subject);
    }
    spentMs += cpuMs() - began;
    const ends = claims.map(({ subject, state }) => ({ subject, state: ended(state) }));
    began = cpuMs();
    for (const { subject, state } of ends) {
      pool.apply({ subject, sequence: (sequence += 1), at: 0, state });
    }
    spentMs += cpuMs() - began;
  }
  return (spentMs * 1_000) / (BATCHES * CLAIMS);
}

function claimed(state: SlotState, allocationId: string): SlotState {
  return slot.evolve(state, anEvent('AllocationRequested', { allocationId }));
}

function ended(state: SlotState): SlotState {
  const { process } = state.context;
  const events = [anEvent('DeallocationRequested'), anEvent('SlotCleared', { process })];
  return events.reduce((before, event) => slot.evolve(before, event), state);
}

/** Processor time (ms), because the machine may have other work. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function heapUsed(): number {
  gc?.();
  gc?.();
  return process.memoryUsage().heapUsed;
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
