import {
  Condition,
  errorMessage,
  appendUntilKnown,
  TransientError,
  type Random,
  type Clock,
  type Decider,
  type EventLog,
  type LogItem,
  type Refusal,
  type AppendOutcome,
  type Subscription,
} from '#kernel';
import type { Logger } from '#service-runtime';
import { lastChange, refusalCode, type EventRecord, type LastChange, type Refused } from '#wire';
import { refusedAnswer } from '../claim/answers.js';

/** Time for a setting to be recorded (ms); longer than the election of a stream leader. */
const RECORD_WITHIN_MS = 12_000;

/** How often one request is decided, each time from a newer state, before it is given up. */
const DECISIONS_MAX = 20;

/** Pause after another write to the same setting was in flight (ms). */
const BUSY_MS = 5;

export interface SettingsDeps<State, Event> {
  readonly log: EventLog<EventRecord<Event, State>>;
  /** The log's clock: it dates what is recorded. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** One kind of named setting: where it is in the log, and how it is decided. */
export interface SettingsKind<State, Command, Event> {
  /** The word for messages: `fleet`. */
  readonly noun: string;
  /** The filter for the subjects of all settings of this kind. */
  readonly filter: string;
  subjectOf(name: string): string;
  nameOf(subject: string): string;
  readonly decider: Decider<State, Command, Event>;
}

/** A setting as the log has it. */
export interface Setting<State> {
  readonly state: State;
  /** Sequence of the setting's last event; 0 if there is none. */
  readonly revision: number;
  /** Missing if nobody is known to have asked for a change. */
  readonly lastChange?: LastChange;
}

/** A change of a setting that a request asks for. */
export interface Change<State, Command> {
  readonly name: string;
  /**
   * The change is made only if the setting was last changed at this revision; 0: if it was never
   * set.
   */
  readonly revision?: number | undefined;
  /** Returns the command, dated at `at` by the log's clock (epoch ms), or why there is none. */
  command(at: number, state: State): Command | Refused;
}

/** Settings by name: watches their log, and writes to it by compare-and-set. */
export class Settings<State, Command, Event extends { readonly type: string }> {
  private readonly known = new Map<string, Setting<State>>();
  private watching: Subscription | undefined;
  private readonly refusing: Condition;

  /** @param changed called with every new state */
  constructor(
    private readonly allocator: string,
    private readonly kind: SettingsKind<State, Command, Event>,
    private readonly deps: SettingsDeps<State, Event>,
    private readonly changed: (name: string, state: State) => void = () => undefined,
  ) {
    this.refusing = new Condition(deps.logger, deps.clock, {
      begins: `the log refuses to store a ${kind.noun}`,
      ends: `the log stores each ${kind.noun} again`,
      level: 'error',
    });
  }

  /** Resolves when the present settings are known. */
  async start(): Promise<void> {
    this.watching = await this.deps.log.watch(this.kind.filter, {
      receive: (item) => this.take(item),
    });
  }

  stop(): void {
    this.watching?.close();
  }

  /** Names of the settings that are set, or were once. */
  get names(): Iterable<string> {
    return this.known.keys();
  }

  has(name: string): boolean {
    return this.known.has(name);
  }

  of(name: string): Setting<State> {
    return this.known.get(name) ?? { state: this.kind.decider.initial, revision: 0 };
  }

  /**
   * Reads one setting anew, as the log's leader knows it. Throws `TransientError` or `LogRefused`.
   */
  async refresh(name: string): Promise<void> {
    const last = await this.deps.log.last(this.kind.subjectOf(name));
    if (last !== undefined) this.take(last);
  }

  /** Records the change, unless the setting is so already. Never throws. */
  async record(change: Change<State, Command>): Promise<Setting<State> | Refused> {
    const { clock } = this.deps;
    const until = clock.now() + RECORD_WITHIN_MS;
    try {
      for (let tries = 0; tries < DECISIONS_MAX && clock.now() < until; tries += 1) {
        const outcome = await this.tryRecord(change, until);
        if (outcome === undefined) continue;
        this.refusing.pass();
        return outcome;
      }
    } catch (error) {
      if (!(error instanceof TransientError)) this.refusing.fail(errorMessage(error));
      return refusedAnswer(undefined, 'not-ready', errorMessage(error));
    }
    return refusedAnswer(undefined, 'timed-out', 'no verdict in time; ask again');
  }

  /** Undefined if another writer was faster: try again. */
  private async tryRecord(
    change: Change<State, Command>,
    until: number,
  ): Promise<Setting<State> | Refused | undefined> {
    const { name, revision: asked } = change;
    const { noun, decider } = this.kind;
    const subject = this.kind.subjectOf(name);
    const last = await this.deps.log.last(subject);
    const revision = last?.sequence ?? 0;
    if (asked !== undefined && asked !== revision) {
      const message = `the ${noun} was last changed at revision ${revision}, not ${asked}; read it again`;
      return refusedAnswer(undefined, 'stale-revision', message);
    }
    // An unreadable setting is overwritten: the request does not depend on the old value.
    const state = last?.kind === 'recorded' ? last.record.state : decider.initial;
    const wanted = change.command(this.deps.clock.now(), state);
    if (isRefused(wanted)) return wanted;
    const decision = decider.decide(state, wanted);
    if (decision.kind === 'refused') return refusedBy(decision.refusal);
    const [step] = decision.steps;
    if (step === undefined)
      return last?.kind === 'recorded' ? settingOf(last) : { state, revision };
    const source = `berth/allocator/${this.allocator}`;
    const record = { id: this.deps.random.id(), source, ...step };
    const append = { subject, expected: revision, record };
    const outcome = await appendUntilKnown(this.deps.log, append, this.deps.clock, until);
    return this.afterwards(outcome, subject, record);
  }

  private async afterwards(
    outcome: AppendOutcome<EventRecord<Event, State>>,
    subject: string,
    record: EventRecord<Event, State>,
  ): Promise<Setting<State> | undefined> {
    if (outcome.kind === 'busy') await this.deps.clock.sleep(BUSY_MS);
    if (outcome.kind === 'indeterminate') throw new TransientError('no verdict in time; ask again');
    if (outcome.kind !== 'stored') return undefined;
    const stored = { kind: 'recorded', subject, sequence: outcome.sequence, record } as const;
    this.take(stored);
    return settingOf(stored);
  }

  private take(item: LogItem<EventRecord<Event, State>>): void {
    const { subject, sequence } = item;
    if (item.kind === 'unreadable') {
      const { reason } = item;
      const { noun } = this.kind;
      return this.deps.logger.error({ subject, sequence, reason }, `a ${noun} was set aside`);
    }
    const name = this.kind.nameOf(subject);
    const before = this.of(name);
    if (sequence <= before.revision) return;
    const setting = settingOf(item);
    // Not every event was asked for: who changed it last is still known.
    const known = before.lastChange && { lastChange: before.lastChange };
    this.known.set(name, { ...known, ...setting });
    this.changed(name, setting.state);
  }
}

function settingOf<State, Event extends { readonly type: string }>({
  sequence,
  record: { state, event },
}: Extract<LogItem<EventRecord<Event, State>>, { readonly kind: 'recorded' }>): Setting<State> {
  const { data } = lastChange.safeParse({ ...event, event: event.type });
  return { state, revision: sequence, ...(data && { lastChange: data }) };
}

function isRefused(wanted: unknown): wanted is Refused {
  return typeof wanted === 'object' && wanted !== null && 'status' in wanted;
}

/** If the decider's code is not a refusal code of the API, the request is invalid. */
function refusedBy({ code, message }: Refusal): Refused {
  const known = refusalCode.safeParse(code);
  return refusedAnswer(undefined, known.success ? known.data : 'invalid', message);
}
