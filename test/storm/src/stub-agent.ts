/** A process with many slots and no games: volume for the storm. */
import { connectNats, JetStreamEventLog, NatsBus, slotStreamName } from '#jetstream';
import { SystemClock } from '#service-runtime';
import {
  endpoints,
  BEAT_MS,
  encodeJson,
  slotRecordCodec,
  slotOfSubject,
  slotsSubject,
} from '#wire';
import { REGION } from './play.js';
import { StubSlot } from './stub-slot.js';

interface Parameters {
  readonly servers: string;
  readonly agent: string;
  readonly slots: number;
}

process.once('disconnect', () => process.exit());

const { servers, agent, slots } = JSON.parse(process.argv[2] ?? '{}') as Parameters;
const clock = new SystemClock();
const connection = await connectNats({ servers, name: agent, waitOnFirstConnect: true });
const bus = new NatsBus(connection);
const incarnation = clock.now();
const names = Array.from({ length: slots }, (_, index) => String(index + 1));
const stubs = new Map(
  names.map((slot) => [
    slot,
    new StubSlot({ region: REGION, agent, slot }, incarnation, bus, clock),
  ]),
);
const stream = slotStreamName(REGION);
const log = await JetStreamEventLog.open(connection, { stream, codec: slotRecordCodec, clock });

clock.every(BEAT_MS, () =>
  bus.publish(endpoints.beat.subject.of({ region: REGION, agent }), encodeJson({ incarnation })),
);
await watch();
for (const stub of stubs.values()) stub.act();
process.send?.('ready');

/** Repeats until the log can be watched: it may not exist yet, or be away. */
async function watch(): Promise<void> {
  for (;;) {
    try {
      await log.watch(slotsSubject(REGION, agent), {
        receive(item) {
          if (item.kind !== 'recorded') return;
          stubs.get(slotOfSubject(item.subject).slot)?.follow(item.record.state, item.sequence);
        },
      });
      return;
    } catch {
      await clock.sleep(250);
    }
  }
}
