import type { Identity } from '#slot-owner';
import {
  errorMessage,
  Unparsable,
  type Bus,
  type Cancel,
  type Clock,
  type Subscription,
} from '#kernel';
import type { Logger } from '#service-runtime';
import {
  endpoints,
  decodeJson,
  encodeJson,
  usageRequest,
  type Usage,
  type UsageAnswer,
} from '#wire';
import type { Family } from '../process/members.js';
import { cpusBetween, measure, type Measured } from './measure.js';

/** How often the machine is looked at. */
const MEASURE_MS = 5_000;

export interface UsageDeskParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The processes of each slot that has some. */
  readonly families: () => ReadonlyMap<string, Family>;
}

/** Knows what each slot's processes use, and tells it over the bus. */
export class UsageDesk {
  private readonly measured = new Map<string, { readonly run: string; readonly at: Measured }>();
  private readonly known = new Map<string, Usage>();
  private subscription: Subscription | undefined;
  private cancel: Cancel = () => undefined;
  private measuring = false;

  constructor(
    private readonly identity: Identity,
    private readonly parts: UsageDeskParts,
  ) {}

  start(): void {
    const { bus, clock } = this.parts;
    const { region, agent } = this.identity;
    this.cancel = clock.every(MEASURE_MS, () => void this.measure());
    this.subscription = bus.subscribe(endpoints.usage.subject.of({ region, agent }), (message) =>
      message.respond(encodeJson(this.answer(message.body))),
    );
  }

  stop(): void {
    this.cancel();
    this.subscription?.close();
  }

  /** Resolves when `answer` knows what is so now. */
  async measure(): Promise<void> {
    if (this.measuring) return;
    this.measuring = true;
    try {
      const families = [...this.parts.families()];
      const measured = await measure(
        families.map(([, family]) => family),
        this.parts.clock.now(),
      );
      this.known.clear();
      for (const [index, [slot, { mark }]] of families.entries()) {
        const now = measured[index];
        if (now !== undefined && now.processes > 0) this.learn(slot, mark ?? '', now);
      }
      for (const slot of this.measured.keys())
        if (!this.known.has(slot)) this.measured.delete(slot);
    } catch (error) {
      this.parts.logger.warn(
        { error: errorMessage(error) },
        'what games use could not be measured',
      );
    } finally {
      this.measuring = false;
    }
  }

  answer(body: Uint8Array): UsageAnswer {
    try {
      const { slot } = decodeJson(usageRequest, body);
      const wanted = [...this.known].filter(([name]) => slot === undefined || name === slot);
      return { status: 'measured', slots: Object.fromEntries(wanted) };
    } catch (error) {
      if (!(error instanceof Unparsable)) throw error;
      return { status: 'refused', code: 'invalid', message: error.message };
    }
  }

  private learn(slot: string, run: string, now: Measured): void {
    const before = this.measured.get(slot);
    const cpus = cpusBetween(before?.run === run ? before.at : undefined, now);
    const { ticks: _, ...rest } = now;
    this.known.set(slot, { cpus, ...rest });
    this.measured.set(slot, { run, at: now });
  }
}
