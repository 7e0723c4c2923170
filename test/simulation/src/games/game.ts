import { JsonText } from '#json';
import type { Random } from '#kernel';
import type { GameProcess, ProcessExit } from '#slot';
import type { Launch } from '../../../../apps/agent/src/process/processes.js';
import type { Asking, GamePlan } from '../schedule.js';
import type { World } from '../world.js';

/** What a request carries to the game. */
export type Payload = Pick<Asking, 'id' | 'games'>;

export type Reply = { readonly answer: JsonText } | 'refuses' | 'hangs' | 'hangsUp';

const SEGMENTATION_FAULT = 139;

/** How long a game may take at most to listen, and to end when it is asked to (ms). */
const SLOW_MS = { start: 600, end: 300 } as const;

/** One game process, from its start to its end. It does what the request's payload tells it. */
export class Game {
  exit: ProcessExit | null = null;
  readonly id: string;
  readonly token: string;
  readonly process: GameProcess;
  /** When it begins to listen (epoch ms). */
  readonly listensAt: number;
  private readonly endings = new Set<() => void>();
  private session: { readonly id: string; readonly plan: GamePlan } | null = null;

  constructor(
    private readonly world: World,
    private readonly random: Random,
    /** Where it runs: `machine.slot`. */
    readonly place: string,
    pid: number,
    { id, token, startedAt, buildConfiguration, version }: Launch,
  ) {
    this.id = id;
    this.token = token;
    this.process = { pid, startedAt, buildConfiguration, version };
    this.listensAt = world.timeline.now() + SLOW_MS.start * random.fraction();
  }

  onEnd(ending: () => void): void {
    this.endings.add(ending);
  }

  /** The game's callback. Asked twice by the same session, it gives the same answer. */
  hear({ id, games }: Payload): Reply {
    const { judge, plans, trace } = this.world;
    const isNew = this.session === null;
    this.session ??= { id, plan: plans.next(id, games) };
    if (this.session.id !== id) {
      judge.violated('a game serves one allocation', `${this.place}: ${this.session.id}, ${id}`);
    }
    const { plan } = this.session;
    trace.note(this.place, `is given ${id}, ${plan.answer}`);
    switch (plan.answer) {
      case 'accepts':
        if (isNew) {
          judge.accepted(id, this.place);
          this.play(plan);
        }
        return { answer: JsonText.of({ server: this.place, session: id }) };
      case 'crashes':
        this.end({ exitCode: SEGMENTATION_FAULT, signal: null }, true);
        return 'hangsUp';
      case 'refuses':
        judge.hadEnough(id);
        return 'refuses';
      case 'hangs':
        return 'hangs';
      default:
        return plan.answer satisfies never;
    }
  }

  /** SIGTERM, which a hanging game ignores, and then SIGKILL. */
  stop(graceMs: number): void {
    if (this.session?.plan.answer === 'accepts' && this.exit === null) {
      this.world.judge.stops(this.session.id, this.token);
    }
    const isDeaf = this.session?.plan.answer === 'hangs' || this.random.fraction() < 0.1;
    const delayMs = isDeaf ? graceMs : Math.min(graceMs, SLOW_MS.end * this.random.fraction());
    const exit = isDeaf ? { exitCode: null, signal: 'SIGKILL' } : { exitCode: 0, signal: null };
    this.world.timeline.after(delayMs, () => this.end(exit, false));
  }

  crash(): void {
    this.end({ exitCode: SEGMENTATION_FAULT, signal: null }, true);
  }

  private play({ then, afterMs }: GamePlan): void {
    if (then === 'stays') return;
    const exitCode = then === 'exits' ? 0 : SEGMENTATION_FAULT;
    this.world.timeline.after(afterMs, () => this.end({ exitCode, signal: null }, true));
  }

  private end(exit: ProcessExit, isItsOwnWill: boolean): void {
    if (this.exit !== null) return;
    this.exit = exit;
    this.world.trace.note(this.place, `ends: ${exit.exitCode ?? exit.signal}`);
    if (this.session !== null) this.world.judge.isGone(this.session.id);
    if (isItsOwnWill && exit.exitCode === 0) this.world.judge.hadEnough(this.session?.id ?? '');
    for (const ending of this.endings) ending();
  }
}
