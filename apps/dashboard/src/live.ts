import { readEvents } from '#event-stream';
import { computed, signal } from '@preact/signals';
import { ask, Failed, FORBIDDEN, get, getAll, NOT_FOUND } from './api.js';
import { count } from './rates.js';
import type { Region, Slot, SlotEvent } from './types.js';

/** How often (ms) the slots that have changed are read again, all together. */
const REFRESH_MS = 250;

/** If more slots than this have changed, all slots are read again. */
const SINGLY_MAX = 20;

/**
 * After this silence (ms) of the stream the displayed state may be old. The gateway sends something
 * every 15 s.
 */
const SILENT_MS = 20_000;

/** Pause (ms) before a broken stream is opened again; doubled each time. */
const AGAIN_MS = { first: 250, max: 5_000 };

/** How often (ms) all slots are read if there is no stream of events. */
const POLL_MS = 5_000;

/** How many events the pages remember, the newest first. */
const EVENTS_MAX = 200;

export type Liveness = 'live' | 'stale' | 'reconnecting';

/** Every slot by its id; whether that is up to date; and the latest events. */
export const slots = signal<ReadonlyMap<string, Slot>>(new Map());
/** Regions that the gateway serves, as it says; a region may have no slots. */
const served = signal<readonly string[]>([]);
export const regions = computed(() => [
  ...new Set([...served.value, ...[...slots.value.values()].map(({ region }) => region)]),
]);
export const isLoaded = signal(false);
export const liveness = signal<Liveness>('reconnecting');
export const trouble = signal('');
export const events = signal<readonly SlotEvent[]>([]);
/** Rises with each snapshot: events before it may have been missed. */
export const snapshots = signal(0);

const changed = new Set<string>();

/**
 * Keeps the displayed state equal to the log: reads a snapshot, then the stream. If the stream
 * breaks, starts again.
 */
export async function follow(): Promise<never> {
  void keepRefreshing();
  for (let waitMs = AGAIN_MS.first; ; waitMs = Math.min(waitMs * 2, AGAIN_MS.max)) {
    const openedAt = performance.now();
    try {
      await listen();
    } catch (error) {
      trouble.value = error instanceof Failed ? error.message : '';
    }
    liveness.value = 'reconnecting';
    if (performance.now() - openedAt > SILENT_MS) waitMs = AGAIN_MS.first;
    await pause(waitMs);
  }
}

/**
 * Resolves when the stream ends. It opens the stream before it reads the snapshot, so that no event
 * between them is missed.
 */
async function listen(): Promise<void> {
  const stop = new AbortController();
  const response = await ask('/v1/events', { signal: stop.signal }).catch(unlessForbidden);
  if (response === null) return await poll();
  if (response.body === null) return;
  await readAll();
  snapshots.value += 1;
  void readRegions();
  let silence = setTimeout(isSilent, SILENT_MS);
  const arrived = () => {
    clearTimeout(silence);
    silence = setTimeout(isSilent, SILENT_MS);
    liveness.value = 'live';
  };
  try {
    for await (const { data } of readEvents(piecesOf(response.body), arrived)) hear(data);
  } finally {
    clearTimeout(silence);
    stop.abort();
  }
}

/** Null if the token may not read events. */
function unlessForbidden(error: unknown): null {
  if (error instanceof Failed && error.status === FORBIDDEN) return null;
  throw error;
}

/** For a token that may see slots and no events: reads all slots every so often. */
async function poll(): Promise<never> {
  void readRegions();
  for (;;) {
    await readAll();
    await pause(POLL_MS);
  }
}

function isSilent(): void {
  liveness.value = 'stale';
}

/** A browser's stream cannot be iterated everywhere yet. */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function hear(data: string): void {
  const event = JSON.parse(data) as SlotEvent;
  events.value = [event, ...events.value].slice(0, EVENTS_MAX);
  changed.add(event.slot);
  count(event);
}

async function readAll(): Promise<void> {
  const all = await getAll<'slots', Slot>('/v1/slots', 'slots');
  slots.value = new Map(all.map((slot) => [slot.id, slot]));
  isLoaded.value = true;
  liveness.value = 'live';
  trouble.value = '';
}

/** Not waited for: where no allocator answers, it takes a while. Without an answer, slots tell their regions. */
async function readRegions(): Promise<void> {
  const answer = await get<{ readonly regions: readonly Region[] }>('/v1/installation').catch(
    () => null,
  );
  if (answer !== null) served.value = answer.regions.map(({ region }) => region);
}

/** One after the other: an earlier answer would otherwise replace a later one. */
async function keepRefreshing(): Promise<never> {
  for (;;) {
    await pause(REFRESH_MS);
    await refresh();
  }
}

async function refresh(): Promise<void> {
  if (changed.size === 0 || liveness.value === 'reconnecting') return;
  const ids = [...changed];
  changed.clear();
  try {
    if (ids.length > SINGLY_MAX) return await readAll();
    const found = await Promise.all(ids.map(slotNow));
    const next = new Map(slots.value);
    found.forEach((slot, index) => {
      if (slot === null) next.delete(ids[index] ?? '');
      else next.set(slot.id, slot);
    });
    slots.value = next;
  } catch {
    // Read them again with the next change, or when the stream is open again.
    for (const id of ids) changed.add(id);
  }
}

/** Null if the slot is gone. */
async function slotNow(id: string): Promise<Slot | null> {
  try {
    return await get<Slot>(`/v1/slots/${encodeURIComponent(id)}`);
  } catch (error) {
    if (error instanceof Failed && error.status === NOT_FOUND) return null;
    throw error;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
