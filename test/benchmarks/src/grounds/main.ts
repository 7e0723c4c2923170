/**
 * What it costs an allocator to record what was asked for and why it chose a slot: `npm run
 * bench:grounds`. Claims with and without it take turns; times are processor times. A claim is decided,
 * printed, and read again, as an allocator reads what others write.
 */
import { slot, type SlotCommand, type SlotState } from '#slot';
import { aRequest, past } from '#testing';
import { slotRecordCodec, slotSubject } from '#wire';
import { percentile } from '../measure.js';

const TURNS = 11;
const CLAIMS = 4_000;

const subject = slotSubject({ region: 'eu', agent: 'machine-1', slot: '1' });
const asked = { fleet: 'harbour', attributes: { map: 'docks', mode: 'ctf' } };
const passedOver = { allocated: 113, lost: 4, failing: 1 };
const grounds = { fitted: 12, alike: 4, by: 'process', process: 'ready', passedOver };

const state = past.warm.reduce<SlotState>(
  (before, event) => slot.evolve(before, event),
  slot.initial,
);
const without = aRequest({ requestedBy: 'lobby (api): queue 7' });
const claims = { without, with: { ...without, asked, grounds } };
const times: Record<keyof typeof claims, number[]> = { without: [], with: [] };

for (let turn = 0; turn < TURNS; turn += 1) {
  for (const way of ['without', 'with'] as const) times[way].push(micros(claims[way]));
}
for (const way of ['without', 'with'] as const) {
  const median = percentile(Float64Array.from(times[way]).sort(), 0.5);
  const bytes = bodyOf(claims[way]).length;
  console.log(`${way} grounds: ${median.toFixed(2)} µs of processor time a claim, ${bytes} bytes`);
}

/** Processor time for one claim (µs), by many. */
function micros(command: SlotCommand): number {
  const before = process.cpuUsage();
  for (let claim = 0; claim < CLAIMS; claim += 1) {
    slotRecordCodec.decode(subject, bodyOf(command));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CLAIMS;
}

function bodyOf(command: SlotCommand): Uint8Array {
  const decision = slot.decide(state, command);
  const [step] = decision.kind === 'refused' ? [] : decision.steps;
  if (step === undefined) throw new Error('the slot cannot be claimed');
  return slotRecordCodec.encode(subject, { id: '01', source: 'berth/allocator/a', ...step });
}
