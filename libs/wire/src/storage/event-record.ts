import type { LogRecord } from '#kernel';

/** One message of a log: what happened to an actor, and the state it led to. */
export interface EventRecord<Event, State> extends LogRecord {
  /** Who wrote it: `berth/allocator/<id>`. */
  readonly source: string;
  readonly event: Event;
  /** The event's instant (epoch ms), where it is known without reading the event. */
  readonly at?: number;
  readonly state: State;
}
