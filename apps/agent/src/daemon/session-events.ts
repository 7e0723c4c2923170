import type { Cancel, Random } from '#kernel';
import type { DaemonSession, DaemonSlot, DaemonSlots } from './daemon-slots.js';

/** A session has begun on a slot, or ended. */
export interface SessionEvent {
  readonly type: 'allocate' | 'deallocate';
  /** The same id each time the event is delivered. */
  readonly id: string;
  readonly serverId: string;
  readonly session: DaemonSession;
}

export type Listener = (event: SessionEvent) => void;

/**
 * Turns the sessions of slots into events: for each claim one `allocate` and, after it, one
 * `deallocate`. A new listener gets the current session first.
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

  /** Null if there is no such server. The listener is called at once if a session is running. */
  subscribe(serverId: string, listener: Listener): Cancel | null {
    const slot = this.slots.find(serverId);
    if (slot === null) return null;
    this.look(slot);
    const among = this.listeners.get(slot.serverId) ?? new Set();
    this.listeners.set(slot.serverId, among.add(listener));
    const present = this.present.get(slot.serverId);
    // The token may have become known after the event was made.
    if (present) listener({ ...present, session: slot.session ?? present.session });
    return () => this.forget(slot.serverId, listener);
  }

  private look({ serverId, session }: DaemonSlot): void {
    const before = this.present.get(serverId);
    if (before?.session.allocationId === session?.allocationId) return;
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
