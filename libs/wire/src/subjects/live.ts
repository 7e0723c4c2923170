/**
 * Prefix of the subjects on which streams republish what they store on core NATS (JetStream
 * republish).
 */
const LIVE = 'live.';

/** The subject, or filter, under which a stream republishes stored messages on core NATS. */
export function liveSubject(subject: string): string {
  return `${LIVE}${subject}`;
}

/** The subject under which a republished message is stored. */
export function storedSubject(live: string): string {
  return live.slice(LIVE.length);
}
