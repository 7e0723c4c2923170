import { Pool } from 'pg';
import { slotCount } from '../target.js';
import type { Store } from './store.js';

/** Enough that many commits share one sync, few enough for two cores. */
const CONNECTIONS = 32;

export const USER = 'bench';

const SCHEMA = `
  create table slot (
    slot int primary key, state text not null, sequence int not null, allocation text
  );
  create index free on slot (slot) where state = 'available';
  create table event (
    slot int, sequence int, allocation text, body text not null, primary key (slot, sequence)
  );
  create table allocation (id text primary key, slot int not null);
`;

const CLAIM = `
  with picked as (
    select slot from slot where state = 'available' limit 1 for update skip locked
  ), claimed as (
    update slot set state = 'awaiting', sequence = sequence + 1, allocation = $1
    from picked where slot.slot = picked.slot returning slot.slot, sequence
  ), known as (
    insert into allocation select $1, slot from claimed
  )
  insert into event select slot, sequence, $1, $2 from claimed returning slot`;

const moved = (from: string, to: string, allocation: string) => `
  with changed as (
    update slot set state = '${to}', sequence = sequence + 1, allocation = ${allocation}
    where slot = $1 and allocation = $2 and state = '${from}' returning slot, sequence
  )
  insert into event select slot, sequence, $2, $3 from changed returning slot`;

const ACKNOWLEDGE = moved('awaiting', 'live', '$2');
const CLEAR = moved('live', 'available', 'null');

/** Each step is one statement, so one commit; prepared once on each connection. */
export async function openPostgres(host: string): Promise<Store> {
  const pool = new Pool({ host, user: USER, database: 'postgres', max: CONNECTIONS });
  await pool.query(SCHEMA);
  await pool.query(`insert into slot select n, 'available', 0 from generate_series(1, $1) n`, [
    slotCount,
  ]);
  await pool.query('analyze');
  const slotOf = async (name: string, text: string, values: unknown[]) => {
    const { rows } = await pool.query<{ slot: number }>({ name, text, values });
    return rows[0]?.slot;
  };
  return {
    claim: (id, body) => slotOf('claim', CLAIM, [id, body]),
    acknowledge: async (slot, id, body) =>
      (await slotOf('acknowledge', ACKNOWLEDGE, [slot, id, body])) !== undefined,
    clear: async (slot, id, body) => (await slotOf('clear', CLEAR, [slot, id, body])) !== undefined,
  };
}
