/** Server-sent events (WHATWG HTML, section 9.2), read from the bytes of an answer. */
export { readEvents, type StreamEvent } from './read-events.js';
