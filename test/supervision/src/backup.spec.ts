import { statusOf } from '#slot';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { blocksOf } from '../../documents/src/document.js';
import { type } from '../../documents/src/shell.js';
import { inTime } from './in-time.js';
import { START_MS, SupervisedMachine, WITHIN_MS, type Allocated } from './supervised-machine.js';
import { Systemctl } from './systemctl.js';

const [backup, restore] = blocksOf('docs/operating.md')
  .map(({ text }) => text)
  .filter((text) => text.startsWith('systemctl stop nats-server'));

/** A machine on which an operator types what the documentation prints. */
class BackedUpMachine extends SupervisedMachine {
  private systemctl: Systemctl | undefined;

  /** Types the lines; only the documented folders are this machine's own. */
  async type(lines = ''): Promise<void> {
    const [server] = this.servers;
    if (server === undefined) throw new Error('there is no nats-server');
    const bin = join(this.folder, 'bin');
    const kept = join(this.folder, 'backup');
    this.systemctl ??= await Systemctl.in(bin, server);
    await mkdir(kept, { recursive: true });
    const adapted = lines
      .replaceAll('/data/', `${server.dataDirectory}/`)
      .replaceAll('/backup/', `${kept}/`);
    const PATH = [bin, process.env['PATH']].join(delimiter);
    await type(adapted, { cwd: this.folder, env: { PATH } });
  }

  override async close(): Promise<void> {
    this.systemctl?.close();
    await super.close();
  }
}

describe('A log that is backed up and restored with the documented commands', () => {
  const machine = new BackedUpMachine(2, {}, ['pier', 'quay']);
  const before = new Map<string, Allocated>();
  const told = new Map<string, Allocated>();
  const isOver = (id: string) => machine.slotOf(id)?.state.context.lastEnd?.allocationId === id;

  beforeAll(async () => {
    await inTime('a log and warm slots', machine.start(), START_MS);
    before.set('backed-up', await machine.play('backed-up'));
    await machine.ask('ended');
    await inTime('the backup', machine.type(backup), WITHIN_MS);
    before.set('later', await machine.play('later'));
    await machine.client.deallocate({ allocationId: 'ended', region: 'local' });
    await machine.until(() => isOver('ended'));
    await inTime('the restoration', machine.type(restore), WITHIN_MS);
    const asked = ['later', 'new', 'backed-up'];
    await inTime(
      'answers',
      Promise.all(asked.map(async (id) => told.set(id, await machine.ask(id)))),
      WITHIN_MS,
    );
  }, 240_000);

  afterAll(() => machine.close(), 60_000);

  it('gives repeated requests the same servers, also those from after the backup', () => {
    for (const [id, { slot, token }] of before) expect(told.get(id)).toMatchObject({ slot, token });
  });

  it('gives no server to two sessions', () => {
    expect(new Set([...told.values()].map(({ slot }) => slot)).size).toBe(3);
  });

  it('ends no session that has players', async () => {
    const echoes = await machine.echoes('still here?');
    expect(echoes).toHaveLength(2);
    for (const echo of echoes) expect(echo).toContain('still here?');
  });

  it('makes allocators say that the log went back, and that a session is in it again', () => {
    const said = ['allocator-1', 'allocator-2'].map((name) => machine.printed(name)).join('');
    expect(said).toContain('the log went back: this allocator ends');
    expect(said).toContain('a session that the log had lost is in it again');
  });

  it(
    'gets back what it had lost, from the agents',
    async () => {
      const holds = (id: string) => machine.slotOf(id)?.state.context.allocation?.token;
      await machine.until(() => holds('later') === before.get('later')?.token);
      await machine.until(() => isOver('ended'));
      const free = [...machine.slots.values()].filter(
        ({ state }) => statusOf(state) === 'available',
      );
      expect(free).toHaveLength(1);
    },
    WITHIN_MS,
  );
});
