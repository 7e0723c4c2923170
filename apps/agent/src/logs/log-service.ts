import type { Identity } from '#slot-owner';
import { Condition, errorMessage, type Cancel, type Clock } from '#kernel';
import type { EndpointServer } from '#rpc';
import type { Logger } from '#service-runtime';
import { endpoints, LOG_BYTES_MAX, type LogAnswer, type LogChunk, type LogRequest } from '#wire';
import type { GameLogs } from './game-log.js';
import { lastLines, wholeCharacters } from './text.js';

/** How often (ms) the size of each log is checked. */
const TURN_MS = 2_000;

/** Most requests that are served at once; a further one is refused. */
const QUESTIONS_MAX = 16;

export interface LogServiceDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logs: GameLogs;
  /** Names of the slots that have a log. */
  readonly slots: readonly string[];
}

/** Answers with the output of games, and keeps their log files small. */
export class LogService {
  private stopTurning: Cancel = () => undefined;

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
    this.stopTurning = clock.every(TURN_MS, () => void empty());
  }

  stop(): void {
    this.stopTurning();
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

  private async read(slot: string, { lines, after }: LogRequest): Promise<LogAnswer> {
    if (!this.deps.slots.includes(slot)) {
      return { status: 'refused', code: 'unknown-slot', message: `this agent has no slot ${slot}` };
    }
    const log = this.deps.logs.of(slot);
    if (after !== undefined) {
      const { from, bytes } = await log.read(after, LOG_BYTES_MAX);
      const whole = wholeCharacters(bytes);
      return { status: 'read', chunk: this.chunk(whole, from, from + whole.length) };
    }
    const { end, bytes } = await log.last(LOG_BYTES_MAX);
    const whole = wholeCharacters(bytes);
    const to = end - (bytes.length - whole.length);
    const chosen = lastLines(whole, lines);
    return { status: 'read', chunk: this.chunk(chosen, Math.max(0, to - chosen.length), to) };
  }

  private chunk(bytes: Buffer, from: number, to: number): LogChunk {
    return { text: bytes.toString('utf8'), from, to, incarnation: this.identity.incarnation };
  }
}
