import { FolderTaken, identify, lockFolder } from '#slot-owner';
import { SystemRandom } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostPorts } from './ports.js';

let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'berth-machine-'));
});

afterEach(() => rm(data, { recursive: true, force: true }));

describe("an agent's identity", () => {
  const random = new SystemRandom();
  const wanted = { region: 'local', name: 'pier' };

  it('is its exact name if it is enrolled, and its folder is refused to another machine', () => {
    const enrolled = { ...wanted, machine: 'm1' };
    expect(identify(data, enrolled, 1, random).agent).toBe('m1');
    expect(identify(data, wanted, 2, random).agent).toBe('m1');
    expect(() => identify(data, { ...wanted, machine: 'm2' }, 3, random)).toThrow('belongs to m1');
  });

  it('keeps its name, and gets a higher incarnation at each start', () => {
    const first = identify(data, wanted, 1_000, random);
    const second = identify(data, { region: 'local', name: 'quay' }, 900, random);
    expect(first.agent).toMatch(/^pier-[0-9a-f]{6}$/);
    expect(second.agent).toBe(first.agent);
    expect([first.incarnation, second.incarnation]).toEqual([1_000, 1_001]);
  });

  it('differs between folders', async () => {
    const other = await mkdtemp(join(data, 'other-'));
    const here = identify(data, wanted, 1, random);
    const there = identify(other, wanted, 1, random);
    expect(here.agent).not.toBe(there.agent);
  });

  it('fits a subject, whatever the name of the host is', () => {
    const { agent } = identify(data, { region: 'local', name: 'a.b c' }, 1, random);
    expect(agent).toMatch(/^a-b-c-[0-9a-f]{6}$/);
  });

  it('does not move to another region', () => {
    identify(data, wanted, 1, random);
    const move = () => identify(data, { ...wanted, region: 'other' }, 2, random);
    expect(move).toThrow(/belongs to region local/);
  });
});

describe('the lock of a data folder', () => {
  it('is refused to a second agent while the first runs', async () => {
    const unlock = await lockFolder(data);
    await expect(lockFolder(data)).rejects.toThrow(FolderTaken);
    unlock();
    (await lockFolder(data))();
  });
});

describe('the ports of a machine', () => {
  const servers: Server[] = [];

  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  async function listen(port: number): Promise<number> {
    const server = createServer();
    servers.push(server);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** A range of ports whose first port is taken. */
  async function range() {
    const first = await listen(0);
    return { first, last: Math.min(first + 200, 65_535) };
  }

  it('are given out once each, and never if they are taken', async () => {
    const { first, last } = await range();
    const ports = new HostPorts({ first, last });
    const given = await Promise.all([ports.secure('1'), ports.secure('2')]);
    const numbers = given.flatMap((each) => Object.values(each));
    expect(new Set(numbers).size).toBe(6);
    expect(numbers).not.toContain(first);
  });

  it('stay with their slot until another process listens on one of them', async () => {
    const ports = new HostPorts(await range());
    const had = await ports.secure('1');
    expect(await ports.secure('1')).toEqual(had);
    await listen(had.query);
    const moved = await ports.secure('1');
    expect(moved).toEqual({ ...had, query: expect.any(Number) });
    expect(moved.query).not.toBe(had.query);
  });

  it('are those of an earlier run of the agent, if these are known', async () => {
    const { first, last } = await range();
    const had = await new HostPorts({ first: first + 20, last }).secure('1');
    const ports = new HostPorts({ first, last });
    ports.keep('1', had);
    expect(await ports.secure('2')).not.toEqual(had);
    expect(await ports.secure('1')).toEqual(had);
  });

  describe('with extra ports', () => {
    const extra = [
      { name: 'rcon', count: 1 },
      { name: 'voice', count: 4 },
    ] as const;

    it('are given out once each, in a row if there are several', async () => {
      const ports = new HostPorts(await range(), extra);
      const given = await Promise.all([ports.secure('1'), ports.secure('2')]);
      const numbers = given.flatMap(({ game, query, callback, extra }) => {
        const { first = 0, last = 0 } = extra?.['voice'] ?? {};
        expect(last).toBe(first + 3);
        return [
          game,
          query,
          callback,
          extra?.['rcon']?.first,
          ...[0, 1, 2, 3].map((n) => first + n),
        ];
      });
      expect(new Set(numbers).size).toBe(16);
    });

    it('stay until another process listens on one of a row', async () => {
      const bounds = await range();
      const ports = new HostPorts(bounds, extra);
      const had = await ports.secure('1');
      expect(await ports.secure('1')).toEqual(had);
      const later = new HostPorts(bounds, extra);
      later.keep('1', had);
      expect(await later.secure('1')).toEqual(had);
      const taken = (had.extra?.['voice']?.first ?? 0) + 2;
      await listen(taken);
      expect(await ports.taken(had)).toBe(taken);
      const moved = await ports.secure('1');
      expect(moved).toMatchObject({ game: had.game, extra: { rcon: had.extra?.['rcon'] } });
      expect(moved.extra?.['voice']?.first).toBeGreaterThan(taken);
    });

    it('are added to a slot that was saved without them', async () => {
      const ports = new HostPorts(await range(), extra);
      const { extra: _, ...before } = await ports.secure('1');
      const later = new HostPorts(await range(), extra);
      later.keep('1', before);
      expect((await later.secure('1')).extra).toHaveProperty('voice');
    });

    it('are refused if no such row is free', async () => {
      const { first } = await range();
      const ports = new HostPorts({ first, last: first + 8 }, [{ name: 'voice', count: 9 }]);
      await expect(ports.secure('1')).rejects.toThrow(/no 9 ports in a row from .* are free/);
    });
  });

  it('are refused if none is free', async () => {
    const first = await listen(0);
    await expect(new HostPorts({ first, last: first }).secure('1')).rejects.toThrow(/is free/);
  });
});
