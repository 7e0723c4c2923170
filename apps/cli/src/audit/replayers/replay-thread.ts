import { SlotReplay, type KeptHead, type Remark } from '#audit';
import { parentPort, workerData } from 'node:worker_threads';
import { Unpacking, type PackedMessages } from './packed-messages.js';

/** What a thread is asked: to take messages, or for all that it would need to go on. */
export type Asked =
  { readonly kind: 'take'; readonly messages: PackedMessages } | { readonly kind: 'keep' };

/** In the order of the questions. */
export type Answered =
  | {
      readonly kind: 'told';
      /** When each was recorded (epoch ms); NaN: it cannot be read. */
      readonly at: Float64Array<ArrayBuffer>;
      /** Of those that have some, by their place. */
      readonly remarks: ReadonlyMap<number, readonly Remark[]>;
      /** The room in which bodies came, for others. */
      readonly bodies: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: 'kept'; readonly heads: readonly KeptHead[] };

const replay = new SlotReplay(workerData as readonly KeptHead[]);

parentPort?.on('message', (asked: Asked) => {
  if (asked.kind === 'keep') {
    parentPort?.postMessage({ kind: 'kept', heads: replay.keep() } satisfies Answered);
    return;
  }
  const all = replay.takeAll(new Unpacking(asked.messages));
  const { bodies } = asked.messages;
  const at = new Float64Array(all.length);
  const remarks = new Map<number, readonly Remark[]>();
  for (let place = 0; place < all.length; place += 1) {
    const told = all[place];
    at[place] = told?.at ?? NaN;
    if (told !== undefined && told.remarks.length > 0) remarks.set(place, told.remarks);
  }
  parentPort?.postMessage({ kind: 'told', at, remarks, bodies } satisfies Answered, [
    at.buffer,
    bodies.buffer,
  ]);
});
