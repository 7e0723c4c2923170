import { guidOf, numberOf } from '#multiplay';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { TestMultiplay, refused, wish } from '../../../test/support/multiplay.js';

let place: TestMultiplay;
beforeEach(async () => void (place = await TestMultiplay.start()));
afterEach(() => place.close());

/** What players must not read: Berth's names and ids. */
const NAMES = /harbour|\beu\b|slot|berth|allocator|[0-9a-f]{8}-/;

describe('The error text for players', () => {
  const words = async (asked: Promise<unknown>) => {
    const { body } = await refused(asked);
    const { requestId: _, ...rest } = body;
    expect(JSON.stringify(rest)).not.toMatch(NAMES);
    return [body['title'], body['detail']];
  };

  it('says that all servers are taken, after a third of the pool timeout', async () => {
    const maker = place.matchmaker(await place.startGateway({ MULTIPLAY_POOL_TIMEOUT_S: '60' }));
    await maker.server(wish());
    await maker.server(wish());
    const third = wish();
    await maker.create(third);
    await place.region.pass(19_000);
    expect(await maker.get(third.allocationId)).not.toHaveProperty('created');
    await place.region.pass(2_000);
    expect(await words(maker.get(third.allocationId))).toEqual([
      'Maximum capacity reached.',
      'maximum capacity reached: no game server became free in time',
    ]);
  });

  it('says that the session is over, or never existed', async () => {
    const maker = place.matchmaker();
    const asked = wish();
    await maker.server(asked);
    await maker.delete(asked.allocationId);
    await place.region.pass(100);
    const over = await words(maker.get(asked.allocationId));
    expect(over).toEqual(['The session is over.', 'the session of this allocation is over']);
    const [title] = await words(maker.get(randomUUID()));
    expect(title).toBe('No allocation has this id.');
  });

  it('says that no game server could be started', async () => {
    place.region.answers = { 1: 'refused', 2: 'refused' };
    const maker = place.matchmaker();
    const asked = wish();
    await maker.create(asked);
    await place.region.pass(40_000);
    const [title] = await words(maker.get(asked.allocationId));
    expect(title).toBe('No game server could be started.');
  });

  it('names no alternatives; these are in the log of the gateway', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const maker = place.matchmaker(await place.startGateway({}, logger));
    for (const change of [{ regionId: 'us' }, { buildConfigurationId: 7 }]) {
      await words(maker.create({ ...wish(), ...change }));
    }
    const detail = (line: string) => (JSON.parse(line) as { detail?: string }).detail;
    expect(lines.flatMap((line) => detail(line) ?? [])).toEqual([
      `us, not eu (${guidOf('region', 'eu')})`,
      `7 in eu, not harbour-1 (${numberOf('harbour-1')})`,
    ]);
  });
});
