import type { EventLog } from '#kernel';
import type { EndpointServer } from '#rpc';
import { slot as law, type SlotRef, type SlotReport, type SlotState } from '#slot';
import type { Identity } from '#slot-owner';
import { endpoints, slotSubject, UNLOGGED_MAX, type SlotRecord, type UnloggedAnswer } from '#wire';

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
    const told = await Promise.all(this.slots.map((slot) => this.reportOf(slot)));
    const slots = told.flatMap((one) => (one?.report.unlogged === undefined ? [] : [one]));
    return { status: 'told', slots: slots.slice(0, UNLOGGED_MAX) };
  }

  /** Null if the log's last event of the slot cannot be read. */
  private async reportOf(slot: ReportingSlot) {
    let logged = { sequence: 0, state: law.initial };
    // Each by its name: permissions can limit an agent to its own slots.
    for await (const item of this.eventLog.present([slotSubject(slot.ref)])) {
      if (item.kind === 'unreadable') return null;
      logged = { sequence: item.sequence, state: item.record.state };
    }
    const { sequence: seen, state } = logged;
    return { slot: slot.ref.slot, seen, report: slot.reportAgainst(state) };
  }
}
