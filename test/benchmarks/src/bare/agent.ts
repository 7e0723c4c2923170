/**
 * The agent of the bare flow, in its own process. There is no game: it acknowledges every callback
 * at once, and ends every session as soon as it is live.
 */
import { RepublishHeaders } from '@nats-io/jetstream';
import { connect, type Msg } from '@nats-io/transport-node';
import { runAsWorker } from '../worker.js';
import { liveSubjects, type BareParameters, type Report, type SlotEvent } from './wire.js';

await runAsWorker(async ({ natsUrl }: BareParameters) => {
  const connection = await connect({ servers: natsUrl, noAsyncTraces: true });
  connection.subscribe(liveSubjects, { callback: (_, message) => follow(message) });
  await connection.flush();
  return { ready: true };

  function follow(message: Msg): void {
    const event = message.json<SlotEvent>();
    const sequence = Number(message.headers?.get(RepublishHeaders.Sequence));
    switch (event.type) {
      case 'AllocationRequested':
        return report(event, { seen: 'callback-acked', sequence, payload: { map: 'harbour' } });
      case 'CallbackAcked':
        return report(event, { seen: 'exited', sequence, payload: null });
      case 'SlotCleared':
        return;
      default:
        return event satisfies never;
    }
  }

  function report({ slot, reportTo }: SlotEvent, saw: Omit<Report, 'slot'>): void {
    connection.publish(reportTo, JSON.stringify({ slot, ...saw } satisfies Report));
  }
});
