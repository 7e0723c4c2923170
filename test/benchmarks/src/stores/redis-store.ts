import { createClient } from '@redis/client';
import { slotCount } from '../target.js';
import type { Store } from './store.js';

/** Same as in the bare flow's stream. */
const EVENTS_PER_SLOT_MAX = 64;

/** How long an allocation's id is remembered (s). */
const REMEMBER_S = 86_400;

const APPEND = `redis.call('XADD', 'events:' .. slot, 'MAXLEN', '~', ${EVENTS_PER_SLOT_MAX}, '*',
  'allocation', id, 'body', body)`;

const CLAIM = `
  local id, body = ARGV[1], ARGV[2]
  if not redis.call('SET', 'allocation:' .. id, '', 'NX', 'EX', ${REMEMBER_S}) then return nil end
  local slot = redis.call('SPOP', 'free')
  if not slot then return nil end
  redis.call('HSET', 'slot:' .. slot, 'state', 'awaiting', 'allocation', id)
  ${APPEND}
  return slot`;

const moved = (from: string, to: string, then: string) => `
  local slot, id, body = ARGV[1], ARGV[2], ARGV[3]
  local now = redis.call('HMGET', 'slot:' .. slot, 'state', 'allocation')
  if now[1] ~= '${from}' or now[2] ~= id then return nil end
  redis.call('HSET', 'slot:' .. slot, 'state', '${to}')
  ${APPEND}
  ${then}
  return slot`;

/** Each step is one script, which runs without interruption; scripts in flight share one sync. */
export async function openRedis(path: string): Promise<Store> {
  const client = createClient({ socket: { path, tls: false } });
  client.on('error', (error: unknown) => process.stderr.write(`redis: ${String(error)}\n`));
  await client.connect();
  await client.sAdd(
    'free',
    Array.from({ length: slotCount }, (_, slot) => String(slot)),
  );
  const load = (script: string) => client.scriptLoad(script);
  const claim = await load(CLAIM);
  const acknowledge = await load(moved('awaiting', 'live', ''));
  const clear = await load(moved('live', 'available', `redis.call('SADD', 'free', slot)`));
  const run = (script: string, values: string[]) =>
    client.evalSha(script, { arguments: values }) as Promise<string | null>;
  return {
    claim: async (id, body) => {
      const slot = await run(claim, [id, body]);
      return slot === null ? undefined : Number(slot);
    },
    acknowledge: async (slot, id, body) =>
      (await run(acknowledge, [String(slot), id, body])) !== null,
    clear: async (slot, id, body) => (await run(clear, [String(slot), id, body])) !== null,
  };
}
