import type { SlotHead } from '#pool';
import { slot, type Offer, type SlotState } from '#slot';
import { anEvent, anOffer, aProcess, someLimits, START } from '#testing';
import { slotRecordCodec, slotSubject } from '#wire';

/** Number of slots on one machine. */
const SLOTS_OF_AGENT = 20;

const FLEETS = 4;

/** How many of ten free slots have a process. */
const WARM_OF_TEN = 7;

interface StoredSlot {
  readonly subject: string;
  readonly sequence: number;
  readonly body: Uint8Array;
}

/** Free slots as an allocator reads them at its start: each decoded from its stored bytes. */
export function* heads(slots: number): Iterable<SlotHead> {
  for (const { subject, sequence, body } of storedSlots(slots)) {
    // A subject also comes from the network as a string of its own.
    const ownSubject = Buffer.from(subject).toString();
    const { state } = slotRecordCodec.decode(subject, body);
    yield { subject: ownSubject, sequence, at: event.at, state };
  }
}

/** Free slots as they are stored, the last event of each. */
export function* storedSlots(slots: number): Iterable<StoredSlot> {
  for (let index = 0; index < slots; index += 1) {
    const machine = Math.floor(index / SLOTS_OF_AGENT);
    const place = index % SLOTS_OF_AGENT;
    const subject = slotSubject({ region: 'eu', agent: `machine-${machine}`, slot: `${place}` });
    yield encoded(subject, index + 1, stateOf(index, offerOf(machine, place), START + machine));
  }
}

function offerOf(machine: number, place: number): Offer {
  const ip = `10.${(machine >> 16) & 255}.${(machine >> 8) & 255}.${machine & 255}`;
  const port = 7_000 + place;
  const fleet = `fleet-${machine % FLEETS}`;
  return anOffer({
    fleet,
    buildConfiguration: `${fleet}-main`,
    attributes: { map: 'docks', mode: 'ranked' },
    address: `${ip}:${port}`,
    ip,
    ports: { game: port },
    limits: someLimits(),
    runsAny: true,
  });
}

const event = anEvent('SlotRegistered');
const cold = slot.evolve(slot.initial, event);
const warm = slot.evolve(cold, anEvent('ProcessStarted'));

function stateOf(index: number, offer: Offer, incarnation: number): SlotState {
  const { buildConfiguration } = offer;
  const ran = { pid: 1_000 + index, startedAt: START + index, buildConfiguration };
  const isWarm = index % 10 < WARM_OF_TEN;
  const { value, context } = isWarm ? warm : cold;
  const process = isWarm ? aProcess(ran) : null;
  return { value, context: { ...context, offer, incarnation, process } };
}

function encoded(subject: string, sequence: number, state: SlotState): StoredSlot {
  const record = { id: `event-${sequence}`, source: 'berth/allocator/bench', event, state };
  return { subject, sequence, body: slotRecordCodec.encode(subject, record) };
}
