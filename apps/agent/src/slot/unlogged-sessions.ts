import type { EventLog } from '#kernel';
import type { EndpointServer } from '#rpc';
import { slot as law, type SlotRef, type SlotReport, type SlotState } from '#slot';
import type { Identity } from '#slot-owner';
import {
  endpoints,
  slotsSubject,
  slotSubject,
  UNLOGGED_MAX,
  type SlotRecord,
  type UnloggedAnswer,
} from '#wire';

/** The part of one of the agent's slots that is used here. */
interface ReportingSlot {
  readonly ref: SlotRef;
  reportAgainst(state: SlotState): SlotReport;
}

/**
 * Answers which sessions run here that the log has lost. The log is read for each request, since it
 * may have gone back to before the state that the agent knows.
 */
export class UnloggedSessions {
  constructor(
    private readonly identity: Identity,
    private readonly eventLog: EventLog<SlotRecord>,
    private readonly slots: readonly ReportingSlot[],
  ) {}

  serve(server: EndpointServer): void {
    const { region, agent } = this.identity;
    server.serve(endpoints.unlogged, { region, agent }, () => this.tell());
  }

  private async tell(): Promise<UnloggedAnswer> {
    const { region, agent } = this.identity;
    const present = new Map<string, { readonly seen: number; readonly state: SlotState }>();
    for await (const item of this.eventLog.present(slotsSubject(region, agent))) {
      if (item.kind === 'unreadable') continue;
      present.set(item.subject, { seen: item.sequence, state: item.record.state });
    }
    const told = this.slots.map((slot) => {
      const { seen, state } = present.get(slotSubject(slot.ref)) ?? { seen: 0, state: law.initial };
      return { slot: slot.ref.slot, seen, report: slot.reportAgainst(state) };
    });
    const slots = told.filter(({ report }) => report.unlogged !== undefined);
    return { status: 'told', slots: slots.slice(0, UNLOGGED_MAX) };
  }
}
