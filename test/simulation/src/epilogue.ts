import { Matchmaker } from './matchmaker.js';
import type { Asking } from './schedule.js';
import type { World } from './world.js';

const PROBES = 3;
const PROBE_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;

const asking: Omit<Asking, 'id'> = {
  kind: 'ask',
  at: 0,
  via: 'client',
  map: null,
  waitMs: 0,
  timeoutMs: TIMEOUT_MS,
  games: [{ answer: 'accepts', then: 'exits', afterMs: 1_000 }],
  then: 'nothing',
  afterMs: 0,
};

/**
 * Once all is calm, requests every allocation again, which must not be granted again; then makes a
 * new request, which must be served.
 */
export class Epilogue {
  private served = 0;
  private open = 0;

  constructor(
    private readonly world: World,
    private asked: number,
  ) {}

  begin(): void {
    for (const id of this.world.judge.grants.granted) void this.ask(id);
    for (let number = 1; number <= PROBES; number += 1) {
      this.world.timeline.after(number * PROBE_EVERY_MS, () => void this.probe(`probe-${number}`));
    }
  }

  get isDone(): boolean {
    return this.open === 0 && this.served === PROBES;
  }

  end(): void {
    if (this.served === PROBES) return;
    const missing = PROBES - this.served;
    this.world.judge.violated('who asks once things are calm is served', `${missing} were not`);
  }

  private async probe(id: string): Promise<void> {
    if ((await this.ask(id)) === 'allocated') this.served += 1;
  }

  private async ask(id: string) {
    this.asked += 1;
    this.open += 1;
    const outcome = await new Matchmaker(this.world, { ...asking, id }, this.asked).ask();
    this.open -= 1;
    return outcome;
  }
}
