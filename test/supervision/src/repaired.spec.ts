import { connectNats } from '#jetstream';
import { slotNamed, slotSubject } from '#wire';
import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTime } from './in-time.js';
import { Machine } from './machine.js';
import { Operator, type Shown } from './operator.js';

const START_MS = 90_000;
const WITHIN_MS = 30_000;

describe('A slot with a message that nobody can read', () => {
  const machine = new Machine(1);
  let operator: Operator;
  let slot = '';
  const path = () => `/v1/slots/${slot}`;
  const ask = (allocationId: string, waitMs: number) =>
    machine.client.allocate({ region: 'local', allocationId, waitMs });

  beforeAll(async () => {
    await inTime('a log and warm slots', machine.start(), START_MS);
    operator = await Operator.at(machine);
    slot = [...machine.slots.keys()][0] ?? '';
    machine.log.isSound = false;
    const connection = await connectNats({ servers: machine.natsUrl, name: 'anybody' });
    const ref = slotNamed(slot) ?? { region: '', agent: '', slot: '' };
    await jetstream(connection).publish(slotSubject(ref), 'no event at all');
    await connection.close();
    await operator.seen(path(), ({ setAside }) => setAside !== undefined);
  }, 2 * START_MS);

  afterAll(() => machine.close(), 60_000);

  it('is not offered, and says what is wrong', async () => {
    await expect(ask('too-early', 0)).rejects.toMatchObject({ code: 'none-available' });
    const shown = await operator.seen(path(), () => true);
    expect(shown).toMatchObject({ setAside: expect.stringContaining('JSON') });
  });

  it(
    'is served again after one command',
    async () => {
      await operator.berth('repair', slot, '--reason', 'a test wrote it', '--by', 'ann');
      const { slot: given } = await ask('match-1', WITHIN_MS);
      expect(given).toBe(slot);
      const shown = await operator.seen(path(), ({ status }) => status === 'allocated');
      expect(shown).not.toHaveProperty('setAside');
    },
    2 * WITHIN_MS,
  );

  it('tells in its history what was set aside, and who repaired it', async () => {
    const { events } = await operator.seen(`${path()}/events`, () => true);
    const told = events as readonly Shown[];
    const at = told.findIndex(({ type }) => type === 'SetAside');
    expect(told[at + 1]).toMatchObject({
      type: 'SlotRepaired',
      by: expect.stringContaining('ann'),
      data: { reason: 'a test wrote it' },
    });
    expect(told.slice(at + 2).map(({ type }) => type)).toContain('CallbackAcked');
  });
});
