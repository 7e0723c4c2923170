import type { Identity } from '#slot-owner';
import {
  errorMessage,
  Unparsable,
  type Bus,
  type BusMessage,
  type Cancel,
  type Clock,
  type Subscription,
} from '#kernel';
import type { Logger } from '#service-runtime';
import {
  endpoints,
  decodeJson,
  encodeJson,
  LOG_BYTES_MAX,
  LOG_LEASE_MS,
  logRequest,
  type LogAnswer,
  type LogChunk,
} from '#wire';
import type { GameLogs } from './game-log.js';
import { lastLines, wholeCharacters } from './text.js';

/** How often a log that somebody follows is looked at. */
const LOOK_MS = 250;

/** How often it is looked whether a log is full. */
const TURN_MS = 2_000;

/** Messages at one look: who writes more than they hold is followed with gaps. */
const CHUNKS_MAX = 4;

/** Questions that are read for at once; one more is refused. */
const QUESTIONS_MAX = 16;

/** A follower who is told about the log of a slot. */
interface Following {
  until: number;
  at: number;
  busy: boolean;
}

export interface LogDeskParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logs: GameLogs;
  /** Names of the slots whose logs there are. */
  readonly slots: readonly string[];
}

/** Tells over the bus what games have written and write, and keeps their logs small. */
export class LogDesk {
  private readonly followings = new Map<string, Following>();
  private subscription: Subscription | undefined;
  private readonly cancels: Cancel[] = [];
  private reading = 0;

  constructor(
    private readonly identity: Identity,
    private readonly parts: LogDeskParts,
  ) {}

  start(): void {
    const { bus, clock, logs, logger, slots } = this.parts;
    for (const slot of slots) logs.of(slot);
    const receive = (message: BusMessage) => void this.answer(message);
    const subject = endpoints.logs.subject.filter({
      region: this.identity.region,
      agent: this.identity.agent,
    });
    this.subscription = bus.subscribe(subject, receive);
    const complain = (error: unknown) =>
      logger.error({ error: errorMessage(error) }, 'the log of a game was not turned');
    this.cancels.push(
      clock.every(TURN_MS, () => void logs.turnFull().catch(complain)),
      clock.every(LOOK_MS, () => this.tellFollowers()),
    );
  }

  stop(): void {
    this.subscription?.close();
    for (const cancel of this.cancels) cancel();
    this.followings.clear();
  }

  private async answer(message: BusMessage): Promise<void> {
    const slot = message.subject.slice(message.subject.lastIndexOf('.') + 1);
    const refuse = (code: 'unknown-slot' | 'not-ready', why: string) =>
      message.respond(encodeJson({ status: 'refused', code, message: why } satisfies LogAnswer));
    if (!this.parts.slots.includes(slot))
      return refuse('unknown-slot', `this agent has no slot ${slot}`);
    if (this.reading >= QUESTIONS_MAX)
      return refuse('not-ready', 'too many ask at once: ask again');
    this.reading += 1;
    message.respond(encodeJson(await this.read(slot, message.body)));
    this.reading -= 1;
  }

  private async read(slot: string, body: Uint8Array): Promise<LogAnswer> {
    try {
      const { lines, follow } = decodeJson(logRequest, body);
      const { end, bytes } = await this.parts.logs.of(slot).last(LOG_BYTES_MAX);
      const whole = wholeCharacters(bytes);
      const to = end - (bytes.length - whole.length);
      const chosen = lastLines(whole, lines);
      if (follow) this.follow(slot, to);
      return { status: 'read', chunk: this.chunk(chosen, Math.max(0, to - chosen.length), to) };
    } catch (error) {
      if (error instanceof Unparsable)
        return { status: 'refused', code: 'invalid', message: error.message };
      this.parts.logger.error({ slot, error: errorMessage(error) }, 'the log could not be read');
      return {
        status: 'refused',
        code: 'not-ready',
        message: `the log cannot be read: ${errorMessage(error)}`,
      };
    }
  }

  private follow(slot: string, at: number): void {
    const until = this.parts.clock.now() + LOG_LEASE_MS;
    const following = this.followings.get(slot);
    if (following === undefined) this.followings.set(slot, { until, at, busy: false });
    else following.until = until;
  }

  private tellFollowers(): void {
    for (const [slot, following] of this.followings) {
      if (following.until < this.parts.clock.now()) this.followings.delete(slot);
      else if (!following.busy) void this.tell(slot, following);
    }
  }

  private async tell(slot: string, following: Following): Promise<void> {
    const { logs, logger } = this.parts;
    following.busy = true;
    try {
      for (let chunks = 0; chunks < CHUNKS_MAX; chunks += 1) {
        const { from, bytes } = await logs.of(slot).read(following.at, LOG_BYTES_MAX);
        const whole = wholeCharacters(bytes);
        if (whole.length === 0) return;
        following.at = from + whole.length;
        this.publish(slot, this.chunk(whole, from, following.at));
      }
      const behind = (await logs.of(slot).end()) - LOG_BYTES_MAX;
      following.at = Math.max(following.at, behind);
    } catch (error) {
      logger.error({ slot, error: errorMessage(error) }, 'the log could not be read');
    } finally {
      following.busy = false;
    }
  }

  private publish(slot: string, chunk: LogChunk): void {
    try {
      this.parts.bus.publish(
        endpoints.output.subject.of({ ...this.identity, slot }),
        encodeJson(chunk),
      );
    } catch {
      // The connection is away; the follower sees a gap.
    }
  }

  private chunk(bytes: Buffer, from: number, to: number): LogChunk {
    return { text: bytes.toString('utf8'), from, to, incarnation: this.identity.incarnation };
  }
}
