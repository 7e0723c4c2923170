import { errorMessage } from '#kernel';
import { Life } from './life.js';
import { MachineClock, skewOf } from './machine-clock.js';
import { BusPort } from './bus-port.js';
import { busOfLast } from './last-release-bus.js';
import { LogPort } from './log-port.js';
import { chanceOf } from './seeds.js';
import type { World } from './world.js';

/** Pause before a process that could not start is started again (ms). */
const AGAIN_MS = 1_000;

/** One process of Berth and all of its lives. What survives a death is kept elsewhere. */
export abstract class SimulatedProcess {
  protected lives = 0;
  private life: Life | undefined;
  /** Since when it has neither been dead nor frozen (epoch ms). */
  private steadySince = Infinity;

  constructor(
    readonly name: string,
    protected readonly world: World,
  ) {}

  start(): void {
    if (this.life !== undefined) return;
    const { schedule, timeline, trace, counts } = this.world;
    this.lives += 1;
    const latency = chanceOf(schedule.seed, 'latency', this.name, this.lives);
    const touched = () => this.touched();
    const life = new Life(this.name, timeline, latency, touched, () => this.perish(life));
    this.life = life;
    this.downMs = AGAIN_MS;
    this.steadySince = timeline.now();
    const version = this.isOfLastRelease ? ', of version 0.2.0' : '';
    if (this.isOfLastRelease) counts.old += 1;
    trace.note(this.name, `starts life ${this.lives}${version}`);
    this.boot(life).catch((error) => {
      if (!life.isAlive) return;
      trace.note(this.name, `could not start: ${errorMessage(error)}`);
      this.kill(AGAIN_MS);
    });
  }

  /** Kills the process at once, wherever it is, and starts it again after `downMs`. */
  kill(downMs: number): void {
    this.downMs = downMs;
    if (this.life !== undefined) this.perish(this.life);
  }

  freeze(forMs: number): void {
    this.world.counts.freezes += 1;
    this.world.trace.note(this.name, `is frozen for ${forMs} ms`);
    this.life?.freeze(forMs);
    const thawsAt = this.world.timeline.now() + forMs;
    this.steadySince = Math.max(this.steadySince, thawsAt);
  }

  protected isSteadySince(at: number): boolean {
    return this.life !== undefined && this.steadySince <= at;
  }

  /** Runs the same code as in a service, on ports of this life. */
  protected abstract boot(life: Life): Promise<void>;

  /** Whether this life is one of version 0.2.0. */
  protected get isOfLastRelease(): boolean {
    const { seed, setting } = this.world.schedule;
    return setting.isMixed && chanceOf(seed, 'version', this.name, this.lives).fraction() < 0.5;
  }

  protected portsOf(life: Life) {
    const { schedule, timeline } = this.world;
    const clock = new MachineClock(timeline, life, skewOf(schedule, this.name));
    const bus = new BusPort(this.world, life);
    return {
      clock,
      log: new LogPort(this.world, life, clock, this.isOfLastRelease),
      bus: this.isOfLastRelease ? busOfLast(bus) : bus,
      random: chanceOf(schedule.seed, 'draws', this.name, this.lives),
    };
  }

  private downMs = 0;

  private touched() {
    const fault = this.world.faults.touch(this.name);
    if (fault === undefined) return 'unharmed';
    this.downMs = fault.downMs;
    return fault.isDone ? 'after' : 'before';
  }

  private perish(life: Life): void {
    if (!life.isAlive) return;
    this.world.counts.kills += 1;
    this.world.trace.note(this.name, `is killed for ${this.downMs} ms`);
    life.end();
    this.life = undefined;
    this.world.timeline.after(this.downMs, () => this.start());
  }
}
