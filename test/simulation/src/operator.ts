import { errorMessage } from '#kernel';
import type { BerthClient } from '#client';
import { slotSubject, type Operation } from '#wire';
import { callerOf } from './caller.js';
import type { Life } from './life.js';
import { CALM_AT_MS, machineName, REGION, type Directing } from './schedule.js';
import { BEGINNING } from './timeline.js';
import type { World } from './world.js';

/** After this time a direction has no more effects (ms). */
const SETTLED_MS = 10_000;
const AGAIN_MS = 1_000;

/** The direction that undoes another one; retiring cannot be undone. */
const OPPOSITE: Readonly<Record<'drain' | 'begin-maintenance', Operation>> = {
  drain: 'withdraw-drain',
  'begin-maintenance': 'end-maintenance',
};

/**
 * Takes slots out of service, which must not harm a session unless by force, and puts them back.
 */
export class Operator {
  private readonly life: Life;
  private readonly client: BerthClient;

  constructor(
    private readonly world: World,
    private readonly target: Pick<Directing, 'machine' | 'slot'>,
    index: number,
  ) {
    ({ life: this.life, client: this.client } = callerOf(world, `operator-${index}`));
  }

  async work({ direction, forMs, isForced }: Directing): Promise<void> {
    const { judge, counts } = this.world;
    const { subject } = this;
    counts.directed += 1;
    if (isForced) judge.forces(subject);
    if (direction === 'retire') judge.retires(subject);
    await this.direct(direction, isForced);
    if (direction === 'retire') return;
    await this.sleep(forMs);
    await this.direct(OPPOSITE[direction]);
    // The first direction may have been recorded after the second.
    await this.sleep(SETTLED_MS);
    await this.untilNoneIsLost();
    while (!(await this.direct(OPPOSITE[direction]))) await this.sleep(AGAIN_MS);
  }

  /** Puts aside what nobody can read on the slot's subject. */
  async repair(): Promise<void> {
    await this.untilReadable();
    await this.untilNoneIsLost();
    await this.untilReadable();
  }

  private async untilReadable(): Promise<void> {
    while (this.world.judge.isSetAside(this.subject)) {
      await this.direct('repair');
      await this.sleep(AGAIN_MS);
    }
  }

  private get subject(): string {
    const { machine, slot } = this.target;
    return slotSubject({ region: REGION, agent: machineName(machine), slot });
  }

  /** Whether every slot is now as it should be. */
  private async direct(direction: Operation, force = false): Promise<boolean> {
    const { machine, slot } = this.target;
    const { trace } = this.world;
    const where = { region: REGION, agent: machineName(machine), slot };
    trace.note(this.life.name, `${direction} of ${where.agent}.${slot}${force ? ', forced' : ''}`);
    try {
      const wanted = { ...where, direction, force, reason: 'the schedule', timeoutMs: 5_000 };
      const slots = await this.client.direct(wanted);
      trace.note(this.life.name, slots.map(({ outcome }) => outcome).join(' '));
      return slots.every(({ outcome }) => outcome !== 'refused');
    } catch (error) {
      trace.note(this.life.name, errorMessage(error));
      return false;
    }
  }

  /**
   * A log that goes back can lose a repair, or the withdrawal of a direction, so the operator has to
   * check again.
   */
  private async untilNoneIsLost(): Promise<void> {
    const { schedule, timeline } = this.world;
    if (!schedule.acts.some(({ kind }) => kind === 'logBack')) return;
    await this.sleep(BEGINNING + CALM_AT_MS - timeline.now());
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.life.after(ms, resolve));
  }
}
