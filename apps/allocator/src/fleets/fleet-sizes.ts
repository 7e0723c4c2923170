import { fleet, type FleetSize } from '#fleet';
import {
  messageOf,
  settle,
  Trouble,
  type Chance,
  type Clock,
  type EventLog,
  type LogItem,
  type Settled,
  type Subscription,
} from '#kernel';
import type { Logger } from '#service';
import {
  fleetOfSubject,
  fleetsSubject,
  fleetSubject,
  type FleetFact,
  type Refused,
  type SizeRequest,
} from '#wire';
import { refusedAnswer } from '../answers.js';

/** Time for a size to be recorded; outlasts the election of a stream leader. */
const RECORD_WITHIN_MS = 12_000;

/** Decisions made anew for one request, each from a newer size, before it is given up. */
const DECISIONS_MAX = 20;

/** Pause after another write to the same fleet was found in flight. */
const BUSY_MS = 5;

export interface FleetSizesPorts {
  readonly log: EventLog<FleetFact>;
  /** The log's: what is recorded is dated by it. */
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
}

/** A fleet's size as the log has it. */
export interface SizeSet {
  readonly size: FleetSize | null;
  /** Sequence of the fleet's last event; 0: there is none. */
  readonly revision: number;
}

const NEVER: SizeSet = { size: null, revision: 0 };

/** The sizes of a region's fleets: looks on at their log, and writes to it. */
export class FleetSizes {
  private readonly sizes = new Map<string, SizeSet>();
  private watching: Subscription | undefined;

  /** @param changed told of every size that is news */
  constructor(
    private readonly allocator: string,
    private readonly region: string,
    private readonly ports: FleetSizesPorts,
    private readonly changed: (fleet: string, size: FleetSize | null) => void,
  ) {}

  /** Resolves when the present sizes are known. */
  async start(): Promise<void> {
    this.watching = await this.ports.log.watch(fleetsSubject(this.region), {
      receive: (item) => this.take(item),
    });
  }

  stop(): void {
    this.watching?.close();
  }

  /** Fleets that have, or had, a size. */
  get names(): Iterable<string> {
    return this.sizes.keys();
  }

  of(name: string): SizeSet {
    return this.sizes.get(name) ?? NEVER;
  }

  /** Records the size that is wanted, unless the fleet has it already. Never throws. */
  async set(request: SizeRequest): Promise<SizeSet | Refused> {
    const until = this.ports.clock.now() + RECORD_WITHIN_MS;
    try {
      for (let tries = 0; tries < DECISIONS_MAX && this.ports.clock.now() < until; tries += 1) {
        const outcome = await this.trySet(request, until);
        if (outcome !== undefined) return outcome;
      }
    } catch (error) {
      if (!(error instanceof Trouble)) {
        this.ports.logger.error({ error: messageOf(error) }, 'the log refuses to store a size');
      }
      return refusedAnswer(undefined, 'not-ready', messageOf(error));
    }
    return refusedAnswer(undefined, 'timed-out', 'no verdict in time; ask again');
  }

  /** Undefined where somebody else was faster. */
  private async trySet(
    request: SizeRequest,
    until: number,
  ): Promise<SizeSet | Refused | undefined> {
    const subject = fleetSubject({ region: this.region, fleet: request.fleet });
    const last = await this.ports.log.last(subject);
    const revision = last?.sequence ?? 0;
    if (request.revision !== undefined && request.revision !== revision) {
      return refusedAnswer(undefined, 'stale-revision', staleText(request.revision, revision));
    }
    const { size, reason, by } = request;
    // What cannot be read is overwritten: the request says all there is to know.
    const state = last?.kind === 'recorded' ? last.fact.state : fleet.initial;
    const command = { type: 'SizeFleet', at: this.ports.clock.now(), size, reason, by } as const;
    const decision = fleet.decide(state, command);
    if (decision.kind === 'refused') {
      return refusedAnswer(undefined, 'invalid', decision.refusal.message);
    }
    const [step] = decision.steps;
    if (step === undefined) return { size, revision };
    const source = `berth/allocator/${this.allocator}`;
    const fact = { id: this.ports.chance.id(), source, ...step };
    const append = { subject, expected: revision, fact };
    const settled = await settle(this.ports.log, append, this.ports.clock, until);
    return this.afterwards(settled, subject, fact);
  }

  private async afterwards(
    settled: Settled<FleetFact>,
    subject: string,
    fact: FleetFact,
  ): Promise<SizeSet | undefined> {
    if (settled.kind === 'busy') await this.ports.clock.sleep(BUSY_MS);
    if (settled.kind === 'unsettled') throw new Trouble('no verdict in time; ask again');
    if (settled.kind !== 'stored') return undefined;
    const { sequence } = settled;
    this.take({ kind: 'recorded', subject, sequence, fact });
    return { size: fact.state.size, revision: sequence };
  }

  private take(item: LogItem<FleetFact>): void {
    const { subject, sequence } = item;
    if (item.kind === 'setAside') {
      const { reason } = item;
      return this.ports.logger.error({ subject, sequence, reason }, 'a size was set aside');
    }
    const name = fleetOfSubject(subject).fleet;
    if (sequence <= this.of(name).revision) return;
    const { size } = item.fact.state;
    this.sizes.set(name, { size, revision: sequence });
    this.changed(name, size);
  }
}

function staleText(asked: number, revision: number): string {
  return `the size was last changed at revision ${revision}, not ${asked}; read it again`;
}
