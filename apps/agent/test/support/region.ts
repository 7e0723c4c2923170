import { JsonText } from '#json';
import type { Bus, EventLog } from '#kernel';
import {
  slot,
  type SlotCommand,
  type SlotEvent,
  type SlotNumbers,
  type SlotRef,
  type SlotState,
} from '#slot';
import { slotOfReport, decodeJson, reportMessage, slotSubject, type SlotRecord } from '#wire';
import { randomUUID } from 'node:crypto';

/** For the specs: an allocator that has only the decider and the state of the log. */
export class TestRegion {
  /** Types of all events, in order. */
  readonly events: string[] = [];
  private readonly history: SlotEvent[] = [];
  /** The numbers that the slot gets when it is registered. */
  numbers: SlotNumbers | undefined;
  private state: SlotState = slot.initial;
  private deciding: Promise<void> = Promise.resolve();
  private readonly waiting = new Set<() => void>();
  private readonly subscriptions: { close(): void }[] = [];

  /** @param name reports that are addressed to another allocator are ignored */
  constructor(
    private readonly log: EventLog<SlotRecord>,
    private readonly bus: Bus,
    readonly ref: SlotRef,
    private readonly name = 'test',
  ) {}

  async open(): Promise<this> {
    const { region, agent, slot: name } = this.ref;
    const reports = `report.${region}.${agent}.${name}`;
    for (const subject of [reports, `${reports}.${this.name}`]) {
      const subscription = this.bus.subscribe(subject, ({ subject: from, body }) => {
        if (slotOfReport(from).slot !== name) return;
        const { report } = decodeJson(reportMessage, body);
        const numbered = this.numbers === undefined ? {} : { numbers: this.numbers };
        void this.command({ type: 'ApplyReport', at: Date.now(), report, ...numbered });
      });
      this.subscriptions.push(subscription);
    }
    const watching = await this.log.watch(slotSubject(this.ref), {
      receive: (item) => {
        if (item.kind === 'unreadable') throw new Error(item.reason);
        this.history.push(item.record.event);
        this.events.push(item.record.event.type);
        this.state = item.record.state;
        for (const look of this.waiting) look();
      },
    });
    this.subscriptions.push(watching);
    return this;
  }

  close(): void {
    for (const subscription of this.subscriptions) subscription.close();
  }

  /** The last event of this type. */
  last<Type extends SlotEvent['type']>(type: Type) {
    return this.history.findLast(
      (event): event is Extract<SlotEvent, { type: Type }> => event.type === type,
    );
  }

  /** Decides one command after the other, by the state of the log. */
  command(command: SlotCommand): Promise<void> {
    this.deciding = this.deciding.then(() => this.decide(command));
    return this.deciding;
  }

  claim(allocationId: string, payload: unknown = {}, allocator = this.name): Promise<void> {
    return this.command({
      type: 'RequestAllocation',
      at: Date.now(),
      allocationId,
      attempt: 1,
      allocator,
      buildConfiguration: null,
      payload: JsonText.of(payload),
      idleMs: null,
      terms: null,
      fresh: false,
      requestedBy: 'matchmaker',
    });
  }

  deallocate(allocationId: string): Promise<void> {
    const at = Date.now();
    return this.command({ type: 'Deallocate', at, allocationId, reason: 'spec', by: 'spec' });
  }

  /** Resolves with the state of the log as soon as `isSo` holds for it. */
  until(isSo: (state: SlotState) => boolean): Promise<SlotState> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo(this.state)) return;
        this.waiting.delete(look);
        resolve(this.state);
      };
      this.waiting.add(look);
      look();
    });
  }

  private async decide(command: SlotCommand): Promise<void> {
    const last = await this.log.last(slotSubject(this.ref));
    const state = last?.kind === 'recorded' ? last.record.state : slot.initial;
    const decision = slot.decide(state, command);
    if (decision.kind === 'refused') {
      if (command.type !== 'ApplyReport') throw new Error(decision.refusal.message);
      return;
    }
    let expected = last?.sequence ?? 0;
    for (const step of decision.steps) {
      const record = { id: randomUUID(), source: 'berth/allocator/test', ...step };
      const append = { subject: slotSubject(this.ref), expected, record };
      const verdict = await this.log.append(append);
      if (verdict.kind !== 'stored') throw new Error(verdict.kind);
      expected = verdict.sequence;
    }
  }
}

export const isWarm = ({ value }: SlotState) =>
  typeof value === 'object' && 'available' in value && value.available === 'warm';

export const isLive = ({ value }: SlotState) =>
  typeof value === 'object' && 'allocated' in value && value.allocated === 'live';

/** Whether a game waits for a session that runs this version of `duel`. */
export const runsDuel = (version: number) => (state: SlotState) =>
  isWarm(state) &&
  state.context.process?.buildConfiguration === 'duel' &&
  state.context.process.version === version;

/** The process of the slot's game; 0 if there is none. */
export function pidOf({ context }: SlotState): number {
  return context.process?.pid ?? 0;
}
