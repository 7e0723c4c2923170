import { OutboundGuard } from '#callback-http';
import type { LogConsumer, Subscription } from '#kernel';
import { ManualClock, MemoryBus, MemoryEventLog } from '#memory';
import { createLogger } from '#service-runtime';
import { slot } from '#slot';
import { anEvent } from '#testing';
import { slotRecordCodec, slotSubject, type SlotRecord } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { aRegistration, someSettings } from '../test/support/samples.js';
import { Callbacks } from './callbacks.js';
import { Registrar } from './registrar.js';
import { RegistryFolder } from './registry-folder.js';
import { Retirements } from './retirements.js';

/** A log that can be watched only when it is opened. */
class ClosedLog extends MemoryEventLog<SlotRecord> {
  open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  override async watch(
    filter: string | readonly string[],
    follower: LogConsumer<SlotRecord>,
  ): Promise<Subscription> {
    await this.opened;
    return super.watch(filter, follower);
  }
}

describe('A registrar that has not read the log yet', () => {
  const identity = { region: 'eu', agent: 'registrar', incarnation: 1 };
  const { address, leaseMs, slot: name } = aRegistration();
  let clock: ManualClock;
  let log: ClosedLog;
  let data: string;
  let registrar: Registrar;

  beforeEach(() => {
    clock = new ManualClock(1_000);
    log = new ClosedLog(slotRecordCodec, { clock });
    data = mkdtempSync(join(tmpdir(), 'berth-registrar-'));
    const folder = new RegistryFolder(data);
    folder.write(aRegistration({ from: '192.0.2.9' }));
    const bus = new MemoryBus(clock);
    const logger = createLogger('test', 'silent');
    const guard = new OutboundGuard({ networks: ['0.0.0.0/0'], forbidden: [] }, clock);
    registrar = new Registrar(identity, {
      ...{ eventLog: log, bus, clock, logger, settings: someSettings(), folder },
      callbacks: new Callbacks({ envelope: 'payload' }, guard, clock, logger),
      retirements: new Retirements(identity, bus, clock, logger),
    });
  });
  afterEach(() => {
    registrar.close();
    rmSync(data, { recursive: true, force: true });
  });

  async function record(...events: readonly Parameters<typeof slot.evolve>[1][]): Promise<void> {
    const subject = slotSubject({ region: 'eu', agent: 'registrar', slot: name });
    let { state, expected } = { state: slot.initial, expected: 0 };
    for (const event of events) {
      state = slot.evolve(state, event);
      await log.append({
        subject,
        expected,
        record: { id: event.type, source: 'test', event, state },
      });
      expected += 1;
    }
  }

  async function openLog(): Promise<void> {
    log.open();
    while (registrar.unreadyBecause() !== null) await sleep(1);
    await sleep(1);
  }

  it('does not say of a server that was allocated that it still is offered', async () => {
    await record(anEvent('SlotRegistered'), anEvent('AllocationRequested'));
    registrar.start();
    expect(registrar.keepAlive({ address })).toMatchObject({ code: 'not-ready' });
    await openLog();
    expect(registrar.keepAlive({ address })).toMatchObject({ code: 'unknown-server' });
  });

  it('extends the lease of a server that is still there', async () => {
    await record(anEvent('SlotRegistered'));
    registrar.start();
    clock.advance(leaseMs - 1);
    registrar.keepAlive({ address });
    await openLog();
    clock.advance(leaseMs - 1);
    expect(registrar.keepAlive({ address })).toMatchObject({ status: 'registered' });
  });

  it('neither replaces nor removes a server for who does not prove to be it', async () => {
    await record(anEvent('SlotRegistered'));
    registrar.start();
    await openLog();
    const stranger = { address, from: '192.0.2.66', region: 'eu', priority: 0, ports: {} };
    const request = { ...stranger, attributes: {}, requiredAttributes: [] };
    const refused = { status: 'refused', code: 'not-proven' };
    expect(await registrar.register(request)).toMatchObject(refused);
    expect(registrar.deregister(stranger)).toMatchObject(refused);
    expect(registrar.keepAlive({ address })).toMatchObject({ status: 'registered' });
    const proven = registrar.deregister({ ...stranger, proof: 'secret' });
    expect(proven).toMatchObject({ status: 'deregistered' });
  });

  it('says so of an address that nobody has registered', () => {
    registrar.start();
    const unknown = registrar.keepAlive({ address: '192.0.2.9:1' });
    expect(unknown).toMatchObject({ code: 'unknown-server' });
  });
});
