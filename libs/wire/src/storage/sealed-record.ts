/* eslint-disable no-restricted-syntax -- copies and comparisons of a record must not see how it is read */
import type { EventRecord } from './event-record.js';
import type { SealedDocument } from './sealed-document.js';

/**
 * A record whose event is read when it is asked for: who only needs the state seldom asks, and an
 * allocator that starts reads a million of them.
 */
export class SealedRecord<Event, State> implements EventRecord<Event, State> {
  readonly id: string;
  readonly traceparent?: string;
  readonly source: string;
  declare readonly event: Event;
  readonly #document: SealedDocument<Event>;

  constructor(
    document: SealedDocument<Event>,
    readonly state: State,
  ) {
    this.#document = document;
    const [id, traceparent] = document.ids;
    this.id = id;
    if (traceparent !== undefined) this.traceparent = traceparent;
    this.source = document.source;
    Object.defineProperty(this, 'event', EVENT);
  }

  get at(): number {
    return this.#document.at;
  }

  static eventOf<Event>(record: SealedRecord<Event, unknown>): Event {
    return record.#document.event as Event;
  }
}

/** A member of the record itself, so that copies have it; one for all, so that all have one shape. */
const EVENT: PropertyDescriptor & ThisType<SealedRecord<unknown, unknown>> = {
  enumerable: true,
  get() {
    return SealedRecord.eventOf(this);
  },
};
