/** Where streams repeat what they store, on core NATS (JetStream republish). */
const LIVE = 'live.';

/** A stored message's subject, or a filter of such, as the stream repeats it on core NATS. */
export function liveSubject(subject: string): string {
  return `${LIVE}${subject}`;
}

/** Under which a message is stored that came live. */
export function storedSubject(live: string): string {
  return live.slice(LIVE.length);
}
