import { randomBytes } from 'node:crypto';
import { oneLine } from './lines.js';
import { Players } from './players.js';
import { decideCallback, type Session, type Verdict } from './session.js';

/** How the game ends: what the players are told, and the exit code. */
export interface Ending {
  readonly lastWord: string;
  readonly code: number;
}

/** What happens between the two doors, from the first player to the end. */
export class Game {
  readonly players = new Players({
    joined: (player) => this.welcome(player),
    said: (player, line) => this.hear(player, line),
    left: (player) => this.miss(player),
    turnedAway: (reason) => this.log(`player turned away: ${reason}`),
  });
  readonly ending: Promise<Ending>;
  private resolveEnding!: (ending: Ending) => void;
  private session: Session | null = null;
  private isOver = false;

  /** @param tellCount is told how many play, whenever that changes */
  constructor(
    private readonly writeLog: (line: string) => void,
    private readonly tellCount: (players: number) => void = () => undefined,
  ) {
    this.ending = new Promise((resolve) => (this.resolveEnding = resolve));
  }

  log(line: string): void {
    this.writeLog(oneLine(line));
  }

  allocate(payload: unknown): Verdict {
    const verdict = this.decide(payload);
    this.log(describe(verdict));
    if (verdict.kind === 'accepted') this.session = verdict.session;
    return verdict;
  }

  health(): { players: number; allocated: boolean } {
    return { players: this.players.count, allocated: this.session !== null };
  }

  /** Only the first ending counts. */
  over(lastWord: string, code: number): void {
    this.isOver = true;
    this.resolveEnding({ lastWord, code });
  }

  private decide(payload: unknown): Verdict {
    // A callback may race the end: nobody must be sent to a server that is going away.
    if (this.isOver) return { kind: 'refused', reason: 'the server is going away' };
    return decideCallback(this.session, payload, randomBytes(4).toString('hex'));
  }

  private welcome(player: string): void {
    this.log(`${player} joined`);
    const mode = this.session?.answer.mode ?? 'nobody';
    this.players.tell(player, `welcome ${mode}, players: ${this.players.count}`);
    this.tellCount(this.players.count);
  }

  private hear(player: string, line: string): void {
    switch (line) {
      case 'quit':
        return this.players.dismiss(player, 'goodbye');
      case 'end':
        return this.over('game over', 0);
      case 'crash':
        return this.over('crashed', 1);
      default:
        this.log(`${player}: ${line}`);
        this.players.tellAll(`${player}: ${line}`);
    }
  }

  private miss(player: string): void {
    this.log(`${player} left`);
    this.tellCount(this.players.count);
    if (this.session !== null && this.players.count === 0) this.over('game over', 0);
  }
}

function describe(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'accepted': {
      const { session, mode } = verdict.session.answer;
      return `callback accepted: session ${session}, mode ${mode ?? 'not given'}`;
    }
    case 'refused':
      return `callback refused: ${verdict.reason}`;
    case 'ignored':
      return 'callback left without an answer, as it asked';
    default:
      return verdict satisfies never;
  }
}
