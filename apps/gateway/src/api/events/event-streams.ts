import { errorMessage, type LogItem } from '#kernel';
import { slotsSubject, type SlotRecord } from '#wire';
import type { ServerResponse } from 'node:http';
import { currentCaller, type Caller } from '../../auth/caller.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { Problem, notReady } from '../../http/problems.js';
import type { Regions } from '../slots/regions.js';
import type { SlotView } from '../slots/slot-view.js';
import { cursorFrom, type Cursor } from './cursor.js';
import { EventClient } from './event-client.js';
import { historyOf } from './history.js';
import { RegionFeed } from './region-feed.js';

/** How often a comment is sent, so that proxies do not close a quiet stream (ms). */
const HEARTBEAT_MS = 15_000;

const CLIENTS_MAX = 256;

/** All clients that listen to events as they happen. */
export class EventStreams {
  private readonly clients = new Set<EventClient>();
  private readonly feeds = new Map<string, RegionFeed>();
  private isClosed = false;

  constructor(
    private readonly deps: Pick<GatewayDeps, 'clock' | 'config' | 'logger'>,
    private readonly regions: Regions,
    private readonly view: SlotView,
  ) {}

  /** Number of clients that listen now. */
  get size(): number {
    return this.clients.size;
  }

  /**
   * Where a client that has read up to `lastEventId` goes on; the present if it has read nothing.
   */
  cursor(lastEventId: string | undefined): Cursor {
    this.regions.requireAll();
    if (this.isClosed) throw notReady('the gateway is stopping');
    if (this.clients.size >= CLIENTS_MAX) {
      throw new Problem(
        503,
        'too-many-clients',
        `${CLIENTS_MAX} clients listen already, which is the maximum`,
      );
    }
    this.requireRoomFor(currentCaller());
    const now = new Map(this.regions.names.map((region) => [region, this.view.latest(region)]));
    return cursorFrom(lastEventId, now);
  }

  private requireRoomFor({ id }: Caller): void {
    const { BERTH_TOKEN_STREAMS_MAX: max } = this.deps.config;
    if (id === null || [...this.clients].filter((client) => client.isOf(id)).length < max) return;
    const detail = `this access token has ${max} event streams open, which is its maximum here`;
    throw new Problem(429, 'too-many-streams', detail);
  }

  /** Serves a client until it disconnects. */
  serve(response: ServerResponse, cursor: Cursor): void {
    const client = new EventClient(response, cursor, currentCaller());
    this.clients.add(client);
    const stopHeartbeat = this.deps.clock.every(HEARTBEAT_MS, () => client.beat());
    client.signal.addEventListener('abort', () => {
      stopHeartbeat();
      this.clients.delete(client);
    });
    for (const region of this.regions.names) void this.tellRegion(client, region);
  }

  close(): void {
    this.isClosed = true;
    for (const client of this.clients) client.end();
  }

  private async tellRegion(client: EventClient, region: string): Promise<void> {
    const feed = this.feedOf(region);
    const tell = (item: LogItem<SlotRecord>) => client.tell(region, item);
    client.signal.addEventListener('abort', () => feed.leave(tell));
    try {
      await feed.enter();
      for (;;) {
        await client.room();
        if (feed.join(client.after(region), tell)) return;
        await this.tellHistory(client, region, feed.from);
      }
    } catch (error) {
      if (client.signal.aborted) return;
      this.deps.logger.warn(
        { region, reason: errorMessage(error) },
        'an event stream ended by an error',
      );
      client.end();
    }
  }

  /** Reads no faster than the client does. Events missing before `from` no longer exist. */
  private async tellHistory(client: EventClient, region: string, from: number): Promise<void> {
    const histories = this.regions.historiesOf(region);
    const unread = { sequence: client.after(region) + 1 };
    for await (const item of historyOf(histories, slotsSubject(region), unread)) {
      await client.room();
      client.tell(region, item);
    }
    client.advance(region, from);
  }

  private feedOf(region: string): RegionFeed {
    const known = this.feeds.get(region);
    if (known !== undefined) return known;
    const feed = new RegionFeed(this.regions.logOf(region), () => this.view.latest(region));
    this.feeds.set(region, feed);
    return feed;
  }
}
