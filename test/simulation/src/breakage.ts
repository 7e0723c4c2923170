/** A part of Berth that is left out, which the simulator must notice. */
export interface Breakage {
  /** The log ignores the expected sequence. */
  readonly withoutCompareAndSet?: boolean;
  /** The log never sees a message's de-duplication id. */
  readonly withoutDeduplication?: boolean;
  /** Who appends takes what others have stored in between for its own. */
  readonly withoutGaps?: boolean;
  /** Passed deadlines are never recorded. */
  readonly withoutDeadlines?: boolean;
  /** No agent ever reports that a slot is clean. */
  readonly withoutClearing?: boolean;
  /** No claim is checked against its fleet's maximum. */
  readonly withoutMaximum?: boolean;
  /** The last request to come is served first. */
  readonly withoutOrder?: boolean;
  /** No agent tells of a session that the log lost. */
  readonly withoutRestoration?: boolean;
  /** No allocator asks the agents for such sessions before it serves anybody. */
  readonly withoutRollCall?: boolean;
  /** A full log acknowledges what it does not store. */
  readonly withoutRefusing?: boolean;
  /** Who could not store anything does not try again. */
  readonly withoutProbes?: boolean;
  /** Allocators write to a slot whose last event they cannot read. */
  readonly withoutSettingAside?: boolean;
  /** Version 0.2.0 does not keep this member of a slot's state. */
  readonly unkept?: string;
  /** No agent sends its offer in a report on a slot that the log has. */
  readonly withoutWholeReports?: boolean;
  /** Agents end what the log does not tell of. */
  readonly withoutKeeping?: boolean;
}
