/** Like the agent of the bare flow: acknowledges every callback, and ends every session at once. */
import { connect } from '@nats-io/transport-node';
import { runAsWorker } from '../worker.js';
import { subjectsOf, type Report, type StoreParameters, type Told } from './store.js';

await runAsWorker(async ({ natsUrl, name }: StoreParameters) => {
  const connection = await connect({ servers: natsUrl, noAsyncTraces: true });
  const { told, reports } = subjectsOf(name);
  connection.subscribe(told, {
    callback: (_, message) => {
      const { slot, id, type } = message.json<Told>();
      const report: Report =
        type === 'claimed'
          ? { slot, id, seen: 'callback-acked', payload: { map: 'harbour' } }
          : { slot, id, seen: 'exited', payload: null };
      connection.publish(reports, JSON.stringify(report));
    },
  });
  await connection.flush();
  return { ready: true };
});
