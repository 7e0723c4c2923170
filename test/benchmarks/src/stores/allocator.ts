/** The allocator of the bare flow on a database, with the same bus and the same number of steps. */
import { connect, type Msg } from '@nats-io/transport-node';
import { runAsWorker } from '../worker.js';
import { openPostgres } from './postgres-store.js';
import { openRedis } from './redis-store.js';
import { subjectsOf, type Report, type StoreParameters, type Told } from './store.js';

const CALLBACK_MS_MAX = 10_000;

await runAsWorker(async ({ natsUrl, name, socket }: StoreParameters) => {
  const connection = await connect({ servers: natsUrl, noAsyncTraces: true });
  const store = await (name === 'postgres' ? openPostgres(socket) : openRedis(socket));
  const subjects = subjectsOf(name);
  const waiting = new Map<string, Msg>();
  connection.subscribe(subjects.reports, {
    callback: (_, message) => void record(message.json<Report>()),
  });
  connection.subscribe(subjects.allocate, { callback: (_, message) => void allocate(message) });
  await connection.flush();
  return { ready: true };

  async function allocate(message: Msg): Promise<void> {
    const request = message.json<{ readonly allocationId: string }>();
    const { allocationId: id } = request;
    waiting.set(id, message);
    try {
      const until = Date.now() + CALLBACK_MS_MAX;
      const body = eventOf('AllocationRequested', { request, until });
      const slot = await store.claim(id, body);
      if (slot === undefined) return refuse(id, 'no slot is free');
      tell({ slot, id, type: 'claimed', body });
    } catch (error) {
      refuse(id, String(error));
    }
  }

  async function record({ slot, id, seen, payload }: Report): Promise<void> {
    try {
      if (seen === 'exited') {
        await store.clear(slot, id, eventOf('SlotCleared', { id }));
        return;
      }
      const body = eventOf('CallbackAcked', { id, payload });
      if (!(await store.acknowledge(slot, id, body))) return refuse(id, 'not waited for');
      const granted = { kind: 'granted', allocationId: id, address: `127.0.0.1:${7_000 + slot}` };
      waiting.get(id)?.respond(JSON.stringify({ ...granted, payload }));
      waiting.delete(id);
      tell({ slot, id, type: 'acknowledged', body });
    } catch (error) {
      refuse(id, String(error));
    }
  }

  function refuse(id: string, reason: string): void {
    waiting.get(id)?.respond(JSON.stringify({ kind: 'refused', reason }));
    waiting.delete(id);
  }

  function tell(told: Told): void {
    connection.publish(subjects.told, JSON.stringify(told));
  }
});

/** An event and the state it led to, of the same size as in the bare flow. */
function eventOf(type: string, context: object): string {
  return JSON.stringify({ type, at: Date.now(), context, state: { value: type, context } });
}
