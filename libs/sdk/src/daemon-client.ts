import { BerthAway, BerthRefused } from './errors.js';
import { readEvents, type StreamEvent } from '#event-stream';

/** How long (ms) the daemon may take to answer. */
const ANSWER_MS = 10_000;

/** After this silence (ms) the daemon counts as gone. It sends a sign of life every 20 s. */
const SILENT_MS = 60_000;

/** The daemon's routes for one server of this machine. */
export class DaemonClient {
  private readonly base: string;

  constructor(
    url: string,
    serverId: string,
    private readonly closing: AbortSignal,
  ) {
    this.base = `${url.replace(/\/+$/, '')}/v1/servers/${encodeURIComponent(serverId)}`;
  }

  /** Throws `BerthRefused` or `BerthAway`. */
  async post(path: string, body: object): Promise<void> {
    const signal = AbortSignal.any([this.closing, AbortSignal.timeout(ANSWER_MS)]);
    const response = await this.fetch(path, { method: 'POST', body: JSON.stringify(body), signal });
    if (response.ok) return void (await response.body?.cancel());
    throw await failureOf(response);
  }

  /**
   * The daemon's events, until the connection breaks. Throws `BerthRefused`, `BerthAway`, or the
   * error that broke the connection.
   */
  async *events(connected: () => void): AsyncGenerator<StreamEvent> {
    const silence = new AbortController();
    const giveUp = () => silence.abort(new BerthAway('the daemon has gone silent'));
    let timer = setTimeout(giveUp, ANSWER_MS).unref();
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENT_MS).unref();
    };
    try {
      const signal = AbortSignal.any([this.closing, silence.signal]);
      const response = await this.fetch('/events', { signal });
      if (!response.ok || response.body === null) throw await failureOf(response);
      heard();
      connected();
      yield* readEvents(response.body as AsyncIterable<Uint8Array>, heard);
    } finally {
      clearTimeout(timer);
    }
  }

  private async fetch(path: string, request: RequestInit): Promise<Response> {
    try {
      return await fetch(`${this.base}${path}`, request);
    } catch (cause) {
      throw new BerthAway(`Berth's daemon does not answer at ${this.base}`, { cause });
    }
  }
}

async function failureOf(response: Response): Promise<Error> {
  const text = await response.text().catch(() => '');
  const message = detailIn(text) ?? `the daemon answered ${response.status}`;
  return response.status >= 400 && response.status < 500
    ? new BerthRefused(response.status, message)
    : new BerthAway(message);
}

function detailIn(text: string): string | null {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : null;
  } catch {
    return null;
  }
}
