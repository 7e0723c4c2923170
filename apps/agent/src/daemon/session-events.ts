import type { Cancel, Random } from '#kernel';
import type { DaemonSession, DaemonSlot, DaemonSlots } from './daemon-slots.js';

/** A session has come to a slot, or left it. */
export interface SessionEvent {
  readonly type: 'allocate' | 'deallocate';
  /** The same each time it is told. */
  readonly id: string;
  readonly serverId: string;
  readonly session: DaemonSession;
}

export type Listener = (event: SessionEvent) => void;

/**
 * Makes events of the sessions that slots have: for each claim one `allocate` and, after it, one
 * `deallocate`. Who comes later is told of the present.
 */
export class SessionEvents {
  private readonly present = new Map<string, SessionEvent>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly unwatch: Cancel;

  constructor(
    private readonly slots: DaemonSlots,
    private readonly random: Random,
  ) {
    this.unwatch = slots.watch((slot) => this.look(slot));
  }

  close(): void {
    this.unwatch();
    this.listeners.clear();
  }

  /** Null where there is no such server. The listener hears of a session that is on already. */
  subscribe(serverId: string, listener: Listener): Cancel | null {
    const slot = this.slots.find(serverId);
    if (slot === null) return null;
    this.look(slot);
    const among = this.listeners.get(slot.serverId) ?? new Set();
    this.listeners.set(slot.serverId, among.add(listener));
    const present = this.present.get(slot.serverId);
    // The token may have become known since.
    if (present) listener({ ...present, session: slot.session ?? present.session });
    return () => this.forget(slot.serverId, listener);
  }

  private look({ serverId, session }: DaemonSlot): void {
    const before = this.present.get(serverId);
    if (before?.session.fence === session?.fence) return;
    if (before) {
      this.present.delete(serverId);
      this.tell({ ...before, type: 'deallocate', id: this.random.id() });
    }
    if (session) {
      const event = { type: 'allocate', id: this.random.id(), serverId, session } as const;
      this.present.set(serverId, event);
      this.tell(event);
    }
  }

  private tell(event: SessionEvent): void {
    for (const listener of this.listeners.get(event.serverId) ?? []) listener(event);
  }

  private forget(serverId: string, listener: Listener): void {
    const among = this.listeners.get(serverId);
    among?.delete(listener);
    if (among?.size === 0) this.listeners.delete(serverId);
  }
}
