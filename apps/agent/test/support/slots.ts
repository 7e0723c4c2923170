import { JsonText } from '#json';
import { refusal, type Cancel, type Refusal } from '#kernel';
import {
  DaemonSlot,
  DaemonSlots,
  type DaemonSession,
  type Reservation,
} from '../../src/daemon/daemon-slots.js';

/**
 * Slots in memory, for the specs. They keep what games report, and have the sessions that a spec
 * sets.
 */
export class TestSlots extends DaemonSlots {
  private readonly watchers = new Set<(slot: DaemonSlot) => void>();
  readonly slots: readonly TestSlot[];

  constructor(...serverIds: string[]) {
    super();
    this.slots = serverIds.map((id) => new TestSlot(id, (slot) => this.changed(slot)));
  }

  find(serverId: string): TestSlot | null {
    return this.slots.find((slot) => slot.serverId === serverId) ?? null;
  }

  sessionOf(allocationId: string): DaemonSession | null {
    const slot = this.slots.find(({ session }) => session?.allocationId === allocationId);
    return slot?.session ?? null;
  }

  watch(changed: (slot: DaemonSlot) => void): Cancel {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  }

  private changed(slot: DaemonSlot): void {
    for (const watcher of this.watchers) watcher(slot);
  }
}

export class TestSlot extends DaemonSlot {
  readonly name = '1';

  session: DaemonSession | null = null;
  isReady = false;
  players: number | null = null;
  heldUntil: number | null = null;
  private fence = 0;

  constructor(
    readonly serverId: string,
    private readonly changed: (slot: DaemonSlot) => void,
  ) {
    super();
  }

  allocate(allocationId: string, payload: unknown = null): void {
    this.fence += 1;
    this.session = {
      fence: this.fence,
      allocationId,
      payload: JsonText.of(payload),
      token: 'secret',
    };
    this.changed(this);
  }

  deallocate(): void {
    this.session = null;
    this.isReady = false;
    this.changed(this);
  }

  async ready(allocationId: string): Promise<Refusal | null> {
    if (this.session?.allocationId !== allocationId) return noSession;
    this.isReady = true;
    return null;
  }

  async unready(): Promise<null> {
    this.isReady = false;
    return null;
  }

  async count(players: number): Promise<null> {
    this.players = players;
    return null;
  }

  async hold(until: number): Promise<null> {
    this.heldUntil = until;
    return null;
  }

  async release(): Promise<null> {
    this.heldUntil = null;
    return null;
  }

  async reserve(): Promise<Reservation | Refusal> {
    if (this.session) return refusal('none-available', 'the slot is taken');
    const at = Date.UTC(2030, 0, 1);
    this.allocate('b3f0a5a6-54e1-4a5a-9d3c-2f6a3a1c7e10');
    return {
      id: 'b3f0a5a6-54e1-4a5a-9d3c-2f6a3a1c7e10',
      buildConfiguration: '4711',
      requestedAt: at,
      fulfilledAt: at + 20,
      ip: '203.0.113.7',
      addresses: { ipv6: '2001:db8::77', internal: '10.0.0.7' },
      gamePort: 7_000,
    };
  }

  async unreserve(): Promise<null> {
    if (this.session) this.deallocate();
    return null;
  }

  async done(): Promise<Refusal | null> {
    if (this.session === null) return noSession;
    this.deallocate();
    return null;
  }
}

const noSession = refusal('unknown-allocation', 'this server does not have the allocation');
