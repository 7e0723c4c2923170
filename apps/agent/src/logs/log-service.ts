import type { Identity } from '#slot-owner';
import { Condition, errorMessage, type Bus, type Cancel, type Clock } from '#kernel';
import { tell, type EndpointServer } from '#rpc';
import type { Logger } from '#service-runtime';
import {
  endpoints,
  LOG_BYTES_MAX,
  LOG_LEASE_MS,
  type LogAnswer,
  type LogChunk,
  type LogRequest,
} from '#wire';
import type { GameLogs } from './game-log.js';
import { lastLines, wholeCharacters } from './text.js';

/** How often (ms) the new output of a followed log is read. */
const LOOK_MS = 250;

/** How often (ms) the size of each log is checked. */
const TURN_MS = 2_000;

/** Most messages at one look. A game that writes more than they hold is followed with gaps. */
const CHUNKS_MAX = 4;

/** Most requests that are served at once; a further one is refused. */
const QUESTIONS_MAX = 16;

/** A slot whose log is being followed. Until when (epoch ms), and from which position on. */
interface Following {
  until: number;
  at: number;
  busy: boolean;
}

export interface LogServiceDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logs: GameLogs;
  /** Names of the slots that have a log. */
  readonly slots: readonly string[];
}

/** Publishes the output of games over the bus, and keeps their log files small. */
export class LogService {
  private readonly followings = new Map<string, Following>();
  private readonly cancels: Cancel[] = [];

  constructor(
    private readonly identity: Identity,
    private readonly deps: LogServiceDeps,
  ) {}

  start(): void {
    const { clock, logs, logger, slots } = this.deps;
    for (const slot of slots) logs.of(slot);
    const emptying = new Condition(logger, clock, {
      ...{ begins: 'logs of games cannot be emptied', ends: 'logs of games are emptied again' },
      level: 'error',
    });
    const empty = () =>
      logs.turnFull().then(
        () => emptying.pass(),
        (error: unknown) => emptying.fail(errorMessage(error)),
      );
    this.cancels.push(
      clock.every(TURN_MS, () => void empty()),
      clock.every(LOOK_MS, () => this.tellFollowers()),
    );
  }

  stop(): void {
    for (const cancel of this.cancels) cancel();
    this.followings.clear();
  }

  /** Answers requests for the logs of this agent's slots. */
  serve(server: EndpointServer): void {
    const { region, agent } = this.identity;
    server.serve(
      endpoints.logs,
      { region, agent },
      (request, { slot }) => this.read(slot, request),
      { underWayMax: QUESTIONS_MAX },
    );
  }

  /** Reads the last lines of a slot's log, and starts to follow it if the request asks for that. */
  private async read(slot: string, { lines, follow }: LogRequest): Promise<LogAnswer> {
    if (!this.deps.slots.includes(slot)) {
      return { status: 'refused', code: 'unknown-slot', message: `this agent has no slot ${slot}` };
    }
    const { end, bytes } = await this.deps.logs.of(slot).last(LOG_BYTES_MAX);
    const whole = wholeCharacters(bytes);
    const to = end - (bytes.length - whole.length);
    const chosen = lastLines(whole, lines);
    if (follow) this.follow(slot, to);
    return { status: 'read', chunk: this.chunk(chosen, Math.max(0, to - chosen.length), to) };
  }

  private follow(slot: string, at: number): void {
    const until = this.deps.clock.now() + LOG_LEASE_MS;
    const following = this.followings.get(slot);
    if (following === undefined) this.followings.set(slot, { until, at, busy: false });
    else following.until = until;
  }

  private tellFollowers(): void {
    for (const [slot, following] of this.followings) {
      if (following.until < this.deps.clock.now()) this.followings.delete(slot);
      else if (!following.busy) void this.tell(slot, following);
    }
  }

  private async tell(slot: string, following: Following): Promise<void> {
    const { logs, logger } = this.deps;
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
      const { region, agent } = this.identity;
      tell(this.deps.bus, endpoints.output, { region, agent, slot }, chunk);
    } catch {
      // There is no connection to NATS. The follower sees a gap.
    }
  }

  private chunk(bytes: Buffer, from: number, to: number): LogChunk {
    return { text: bytes.toString('utf8'), from, to, incarnation: this.identity.incarnation };
  }
}
