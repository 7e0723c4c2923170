import type { Identity } from '#slot-owner';
import { Condition, errorMessage, type Cancel, type Clock } from '#kernel';
import type { EndpointServer } from '#rpc';
import type { Logger } from '#service-runtime';
import { endpoints, type Usage, type UsageAnswer } from '#wire';
import type { Family } from '../process/members.js';
import { cpusBetween, measure, type Measured } from './measure.js';

/** How often (ms) usage is measured. */
const MEASURE_MS = 5_000;

export interface UsageMeterDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The processes of each slot whose game runs. */
  readonly families: () => ReadonlyMap<string, Family>;
}

/** Measures what each slot's processes use, and answers requests for it over the bus. */
export class UsageMeter {
  private readonly measured = new Map<string, { readonly run: string; readonly at: Measured }>();
  private readonly known = new Map<string, Usage>();
  private cancel: Cancel = () => undefined;
  private measuring = false;
  private readonly failing: Condition;

  constructor(
    private readonly identity: Identity,
    private readonly deps: UsageMeterDeps,
  ) {
    this.failing = new Condition(deps.logger, deps.clock, {
      begins: 'the usage of games cannot be measured',
      ends: 'the usage of games is measured again',
    });
  }

  start(): void {
    this.cancel = this.deps.clock.every(MEASURE_MS, () => void this.measure());
  }

  stop(): void {
    this.cancel();
  }

  /** Answers requests for the usage of this agent's slots. */
  serve(server: EndpointServer): void {
    const { region, agent } = this.identity;
    server.serve(endpoints.usage, { region, agent }, ({ slot }) => this.answer(slot));
  }

  /**
   * Measures all slots; `answer` then returns the new figures. Does nothing while another
   * measurement is under way.
   */
  async measure(): Promise<void> {
    if (this.measuring) return;
    this.measuring = true;
    try {
      const families = [...this.deps.families()];
      const measured = await measure(
        families.map(([, family]) => family),
        this.deps.clock.now(),
      );
      this.known.clear();
      for (const [index, [slot, { mark }]] of families.entries()) {
        const now = measured[index];
        if (now !== undefined && now.processes > 0) this.learn(slot, mark ?? '', now);
      }
      for (const slot of this.measured.keys())
        if (!this.known.has(slot)) this.measured.delete(slot);
      this.failing.pass();
    } catch (error) {
      this.failing.fail(errorMessage(error));
    } finally {
      this.measuring = false;
    }
  }

  /** The usage of one slot, or of all slots if `slot` is undefined. */
  answer(slot: string | undefined): UsageAnswer {
    const wanted = [...this.known].filter(([name]) => slot === undefined || name === slot);
    return { status: 'measured', slots: Object.fromEntries(wanted) };
  }

  private learn(slot: string, run: string, now: Measured): void {
    const before = this.measured.get(slot);
    const cpus = cpusBetween(before?.run === run ? before.at : undefined, now);
    const { ticks: _, ...rest } = now;
    this.known.set(slot, { cpus, ...rest });
    this.measured.set(slot, { run, at: now });
  }
}
