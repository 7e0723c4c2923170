import { slot } from '#slot';
import { anEvent, given, granted, past } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../gateway/test/support/gateway.js';
import { program } from '../program.js';
import { Api } from './api.js';
import { look } from './look.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

/** Runs a command; returns what it prints. */
async function berth(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const api = `http://127.0.0.1:${gateway.port}`;
  await program((text) => printed.push(text)).parseAsync([...words, '--api', api], {
    from: 'user',
  });
  return printed.join('\n');
}

const drained = { slot: 'local.a.1', outcome: 'done' };

describe('berth slots', () => {
  it('shows what runs where, and what is pending', async () => {
    await gateway.record('local.a.1', [...past.live, anEvent('DrainRequested')]);
    const [headings, row] = (await berth('slots')).split('\n');
    expect(headings).toMatch(/^SLOT +STATUS +PENDING +FLEET +ADDRESS +ALLOCATION +FAILURE$/);
    expect(row?.split(/ {2,}/)).toEqual([
      'local.a.1',
      'allocated, live',
      'drain',
      'harbour',
      '192.0.2.1:7777',
      'match-1',
    ]);
  });

  it('shows why a slot is not offered, and until when', async () => {
    const refused = (failedStarts: number) =>
      anEvent('CallbackRefused', { cause: 'not-started', reason: 'no such file', failedStarts });
    await gateway.record('local.a.1', [...past.awaiting, refused(3)]);
    const [, row] = (await berth('slots')).split('\n');
    expect(row).toContain('no such file (3 in a row, not offered until 2026-01-01T00:00:30.000Z)');
  });

  it('says how to see more, and prints JSON on request', async () => {
    for (const name of ['local.a.1', 'local.a.2']) await gateway.record(name, past.warm);
    expect(await berth('slots', '--limit', '1')).toContain('more: --after local.a.1');
    const page = JSON.parse(await berth('slots', '--json', '--status', 'available'));
    expect(page.slots).toHaveLength(2);
  });
});

describe('berth agents', () => {
  it('counts slots', async () => {
    await gateway.record('local.a.1', past.warm);
    const [, row] = (await berth('agents')).split('\n');
    expect(row?.split(/ +/)).toEqual(['local.a', '1', '1', '0', '0', '0', '0', '0', '0']);
  });
});

describe('berth machines', () => {
  const machine = {
    ...{ id: 'local.a', revision: 3, slots: 4, beyond: 1 },
    policy: { fleets: ['f'], addresses: null, slotsMax: 3, priorityMin: 0, projects: null },
    refused: { slot: 'local.a.9', reason: 'it may have 3 slots', at: Date.UTC(2026, 0, 1) },
  };
  const cells = (printed: string) => printed.split('\n')[1]?.split(/ {2,}/);

  it('shows policies, and what was refused', async () => {
    gateway.answer('machines', () => ({ status: 'machines', machines: [machine] }));
    expect(cells(await berth('machines'))).toEqual([
      ...['local.a', '4', '3', '1', 'f', '0'],
      'local.a.9 at 2026-01-01T00:00:00.000Z: it may have 3 slots',
    ]);
  });

  it('sets a policy with the given options; the rest is not limited', async () => {
    const asked = gateway.answer('policy', () => ({ status: 'set', machine }));
    const wanted = ['--reason', 'rented', '--by', 'me'];
    await berth('machine', 'policy', 'local.a', '--slots-max', '3', '--fleets', 'f', ...wanted);
    await berth('machine', 'remove-policy', 'local.a', ...wanted);
    const policy = { ...NO_LIMITS, fleets: ['f'], slotsMax: 3 };
    const at = { region: 'local', machine: 'a', reason: 'rented', by: 'me' };
    expect(asked).toEqual([
      { ...at, policy },
      { ...at, policy: null },
    ]);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/x', 'a b', '10.0.0/8', '::/129'])(
    'refuses %s as an address',
    (address) =>
      expect(berth('machine', 'policy', 'local.a', '--addresses', address)).rejects.toThrow(
        'must be a host, an IP address, or a network',
      ),
  );
});

const NO_LIMITS = {
  ...{ fleets: null, addresses: null, slotsMax: null },
  ...{ priorityMin: null, projects: null },
};

describe('berth fleets', () => {
  const size = { minAvailable: 1, max: 5, buffer: 2 };
  const harbour = { id: 'local.harbour', size, revision: 7, allocated: 1, warm: 2, cold: 3 };
  const cells = (printed: string) => printed.split('\n')[1]?.split(/ +/);

  it('shows which slots fail, and why', async () => {
    const failing = [
      {
        ...{ slot: 'local.a.1', reason: 'no such file', failedStarts: 3, at: 0 },
        offeredAgainAt: Date.UTC(2026, 0, 1),
      },
    ];
    gateway.answer('fleets', () => ({ status: 'fleets', fleets: [{ ...harbour, failing }] }));
    const row = (await berth('fleets')).split('\n').at(-1);
    expect(row?.split(/ {2,}/)).toEqual([
      ...['local.a.1', '3', '2026-01-01T00:00:00.000Z', 'no such file'],
    ]);
  });

  it('shows sizes and slots', async () => {
    gateway.answer('fleets', () => ({ status: 'fleets', fleets: [harbour] }));
    expect(cells(await berth('fleets'))).toEqual(['local.harbour', '1', '2', '5', '1', '2', '3']);
  });

  it('lists more than one page of them, and so does what looks for faults', async () => {
    const fleets = Array.from({ length: 101 }, (_, n) => ({ ...harbour, id: `local.f-${n}` }));
    gateway.answer('fleets', () => ({ status: 'fleets', fleets }));
    expect((await berth('fleets')).match(/^local\.f-/gm)).toHaveLength(101);
    expect((await look(new Api(gateway.url))).fleets).toHaveLength(101);
  });

  it('sets a size with the given options', async () => {
    const asked = gateway.answer('size', () => ({ status: 'sized', fleet: harbour }));
    const numbers = ['--min', '1', '--max', '5', '--buffer', '2'];
    const wanted = ['--reason', 'the season begins', '--by', 'me'];
    const printed = await berth('fleet', 'size', 'local.harbour', ...numbers, ...wanted);
    expect(cells(printed)).toContain('local.harbour');
    expect(asked).toEqual([
      { region: 'local', fleet: 'harbour', size, reason: 'the season begins', by: 'me' },
    ]);
  });

  it('removes a size', async () => {
    const asked = gateway.answer('size', () => ({
      status: 'sized',
      fleet: { ...harbour, size: null },
    }));
    await berth('fleet', 'unsize', 'local.harbour', '--by', 'me');
    expect(asked).toMatchObject([{ size: null, by: 'me' }]);
  });

  it('fails if the size is contradictory', async () => {
    const typed = berth('fleet', 'size', 'local.harbour', '--max', '1', '--buffer', '2');
    await expect(typed).rejects.toThrow('max (1) must not be below buffer (2)');
    await expect(berth('fleet', 'size', 'harbour', '--max', '1')).rejects.toThrow('region.fleet');
  });
});

describe('berth events', () => {
  it('shows what happened, who did it and why', async () => {
    await gateway.record('local.a.1', past.deallocated);
    const lines = (await berth('events', 'local.a.1')).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[5]).toMatch(/DeallocationRequested +deallocated +matchmaker +the match is over$/);
  });

  it('shows the last ones only, and one JSON document a line, if asked to', async () => {
    await gateway.record('local.a.1', past.deallocated);
    const last = await berth('audit', 'slot', 'local.a.1', '--tail', '2', '--json');
    const types = last.split('\n').map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types).toEqual(past.deallocated.slice(-2).map(({ type }) => type));
    expect(await berth('events', 'local.a.1', '--limit', '1')).toContain('more: --after 1');
  });

  it('goes on with new events until it is interrupted', async () => {
    await gateway.record('local.a.1', past.warm);
    const printed: string[] = [];
    const words = ['events', 'local.a.1', '--follow', '--tail', '1'];
    const api = `http://127.0.0.1:${gateway.port}`;
    const typed = program((text) => printed.push(text)).parseAsync([...words, '--api', api], {
      from: 'user',
    });
    const ended = expect(typed).rejects.toThrow('no answer');
    const until = async (text: string) => {
      while (!printed.join('\n').includes(text)) await new Promise((next) => setTimeout(next, 20));
    };
    await until('ProcessStarted');
    const drain = anEvent('DrainRequested', { reason: '\u001b[31mred' });
    const state = slot.evolve(given(slot, ...past.warm).state, drain);
    const record = { id: 'drain', source: 'berth/allocator/test', event: drain, state };
    await gateway.log.append({ subject: 'slot.local.a.1', expected: past.warm.length, record });
    await until('DrainRequested  drained');
    expect(printed.at(-1)).toContain('\\u001b[31mred');
    await gateway.close();
    await ended;
    gateway = await TestGateway.start();
  });

  it('fails for a slot that never existed', async () => {
    await expect(berth('audit', 'slot', 'local.a.9')).rejects.toThrow('there is no slot local.a.9');
  });
});

describe('berth allocate', () => {
  it('requests what the options say, and prints where the server is', async () => {
    const asked = gateway.answer('allocate', () => granted);
    const wish = ['--fleet', 'harbour', '--attribute', 'map=docks', '--payload', '{"mode":"ctf"}'];
    const printed = await berth('allocate', '--id', 'match-1', ...wish);
    expect(printed).toContain('address     192.0.2.1:7777');
    expect(asked[0]).toMatchObject({
      allocationId: 'match-1',
      region: 'local',
      fleet: 'harbour',
      attributes: { map: 'docks' },
      payload: { mode: 'ctf' },
    });
  });

  it('fails with the reason if there is no server', async () => {
    await expect(berth('allocate')).rejects.toThrow('no allocator is running for region local');
  });
});

describe('berth release', () => {
  it('ends an allocation', async () => {
    const asked = gateway.answer('deallocate', () => ({ ...granted, status: 'deallocated' }));
    expect(await berth('release', 'match-1', '--reason', 'over')).toContain('local.a.1');
    expect(asked[0]).toMatchObject({ allocationId: 'match-1', reason: 'over' });
  });
});

describe('a direction on the command line', () => {
  it.each([
    [['drain'], 'drain'],
    [['undrain'], 'withdraw-drain'],
    [['maintenance', 'begin'], 'begin-maintenance'],
    [['maintenance', 'end'], 'end-maintenance'],
    [['retire'], 'retire'],
  ])('as %j asks to %s', async (words, direction) => {
    const asked = gateway.answer('operate', () => ({ status: 'directed', slots: [drained] }));
    const printed = await berth(...words, 'local.a.1', '--reason', 'an upgrade', '--by', 'me');
    expect(printed).toMatch(/local\.a\.1 +done/);
    expect(asked).toEqual([
      {
        region: 'local',
        agent: 'a',
        slot: '1',
        direction,
        reason: 'an upgrade',
        by: 'me',
        force: false,
      },
    ]);
  });

  it('fails if slots of an agent refuse, and says which', async () => {
    const refused = { slot: 'local.a.2', outcome: 'refused', code: 'not-now', message: 'no' };
    gateway.answer('operate', () => ({ status: 'directed', slots: [drained, refused] }));
    await expect(berth('drain', 'local.a')).rejects.toThrow('1 of 2 slots refused');
  });

  it('fails without a reason if it is forced', async () => {
    await expect(berth('drain', 'local.a.1', '--force')).rejects.toThrow('needs a reason');
  });

  it('fails if the target is neither slot nor agent', async () => {
    await expect(berth('drain', 'local')).rejects.toThrow('neither region.agent.slot');
  });
});

describe('a command', () => {
  it('says so if the gateway does not answer', async () => {
    const typed = program(() => undefined).parseAsync(['slots', '--api', 'http://127.0.0.1:1'], {
      from: 'user',
    });
    await expect(typed).rejects.toThrow('no answer from http://127.0.0.1:1');
  });
});
