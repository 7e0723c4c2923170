import { SIMULATOR, specs, type Mutation } from '../mutation.js';

const report = 'libs/slot/src/slot.report.ts';
const changes = 'libs/slot/src/slot.changes.ts';
const machine = 'libs/slot/src/slot.machine.ts';
const allocations = 'libs/pool/src/index/allocation-index.ts';

const slotSpecs = specs(
  'libs/slot/src/slot.service.spec.ts',
  'libs/slot/src/slot.session.spec.ts',
  'libs/slot/src/slot.spec.ts',
  'libs/slot/src/slot.table.spec.ts',
  'libs/slot/src/slot.laws.spec.ts',
);
const poolSpecs = specs(
  'libs/pool/src/pool.spec.ts',
  'libs/pool/src/pool.laws.spec.ts',
  'libs/pool/src/index/allocation-index.spec.ts',
);

/** Breaks of the slot's machine, and of what the pool makes of its states. */
export const slotMutations: readonly Mutation[] = [
  {
    id: 'fence-not-compared',
    breaks: 'what an agent says of an earlier claim counts for this one',
    file: report,
    search: 'if (session?.fence !== context.fence) return [];',
    replace: 'if (session?.fence === undefined) return [];',
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'fence-not-raised',
    breaks: 'two claims of a slot have the same fence',
    file: changes,
    search: 'fence: context.fence + 1,',
    replace: 'fence: Math.max(1, context.fence),',
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'cleared-by-an-earlier-claim',
    breaks: 'a slot is free again once an earlier claim has left nothing behind',
    file: report,
    search: 'return report.clearedFence >= context.fence',
    replace: 'return report.clearedFence >= context.fence - 1',
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'freed-before-it-is-clean',
    breaks: 'a slot is free as soon as its game has exited with 0, whatever is left of it',
    file: 'apps/agent/src/slot/slot-plan.ts',
    search: "return actionWhenFree(wanted, seen, Infinity).type === 'clear';",
    replace: 'return true || seen.calling;',
    witnesses: [...specs('apps/agent/src/slot/slot-report.spec.ts'), SIMULATOR],
  },
  {
    id: 'earlier-agent-believed',
    breaks: 'a report from before the agent was started anew counts',
    file: report,
    search: 'if (report.incarnation < context.incarnation) {',
    replace: 'if (report.incarnation < 0) {',
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'answer-too-late',
    breaks: "a game's answer counts however long after its deadline it comes",
    file: report,
    search: 'if (at > (context.allocation?.callbackUntil ?? at) + LATE_ANSWER_MS) {',
    replace: 'if (at > (context.allocation?.callbackUntil ?? at) + Infinity) {',
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'crash-told-twice',
    breaks: 'a crash that is recorded is recorded once more',
    file: report,
    search: 'if (session.crashes > (context.allocation?.crashes ?? 0)) {',
    replace: 'if (session.crashes >= Math.max(1, context.allocation?.crashes ?? 0)) {',
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'somebody-elses-deallocated',
    breaks: 'the end of one allocation ends the next one on the slot',
    file: 'libs/slot/src/slot.ts',
    search: 'if (allocationOf(state)?.id !== allocationId) {',
    replace: 'if (allocationOf(state)?.id === undefined) {',
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'callback-ends-early',
    breaks: 'a callback may be recorded as overdue before it is',
    file: machine,
    search: 'event.at >= (context.allocation?.callbackUntil ?? Infinity)',
    replace: 'event.at >= (context.allocation?.callbackUntil ?? Infinity) - 1_000',
    witnesses: slotSpecs,
  },
  {
    id: 'limit-ends-early',
    breaks: 'a session may be recorded as idle for too long before it is',
    file: machine,
    search: "event.type === 'TtlExpired' && event.at >= limitEnd(context, event.limit)",
    replace: "event.type === 'TtlExpired' && limitEnd(context, event.limit) < Infinity",
    witnesses: slotSpecs,
  },
  {
    id: 'lost-agent-offered',
    breaks: 'a slot whose agent is lost is given to requests',
    file: machine,
    search: "'the agent is present': ({ context }) => !context.agentLost,",
    replace: "'the agent is present': ({ context }) => context.fence >= 0,",
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'drain-forgotten',
    breaks: 'a drain that waits for the session is forgotten with it',
    file: changes,
    search:
      "export const acknowledged: Change<SlotEvent<'CallbackAcked'>> = (context, event) =>\n  amended(begun(context, event.process)",
    replace:
      "export const acknowledged: Change<SlotEvent<'CallbackAcked'>> = (context, event) =>\n  amended({ ...begun(context, event.process), pending: null }",
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'idle-clock-stands',
    breaks: 'a session that no player ever joins has no end',
    file: changes,
    search: 'idleUntil: event.at + allocation.idleMs,',
    replace: 'idleUntil: allocation.idleUntil,',
    witnesses: [...slotSpecs, SIMULATOR],
  },
  {
    id: 'older-end-believed',
    breaks: 'of two ends of an id, the one read last is told and not the last one',
    file: allocations,
    search: 'if (at <= (this.endOf(allocationId)?.end.at ?? -Infinity)) return;',
    replace: 'if (at < 0) return;',
    witnesses: poolSpecs,
  },
  {
    id: 'failures-counted-down',
    breaks: 'an earlier failure of an id that is read late lets its count go back',
    file: allocations,
    search: 'if (known !== undefined && attempt <= known.attempt) {',
    replace: 'if (known !== undefined && attempt === known.attempt) {',
    witnesses: [...poolSpecs, SIMULATOR],
  },
  {
    id: 'withdrawn-is-a-failure',
    breaks: 'a claim that was taken back counts among the attempts of its request',
    file: allocations,
    search: "if (outcome !== 'withdrawn') return;",
    replace: "if (outcome === 'withdrawn') return;",
    witnesses: [...poolSpecs, ...specs('apps/allocator/src/fleets/maximum.spec.ts')],
  },
  {
    id: 'cleared-slot-holds',
    breaks: 'a slot that is yet to be cleared hides the one that serves the id',
    file: allocations,
    search: 'if (!otherIsLive) this.holders.set(id, entry);',
    replace: 'this.holders.set(id, entry);\n    if (!otherIsLive) return;',
    witnesses: [...poolSpecs, SIMULATOR],
  },
  {
    id: 'earliest-deadline-forgotten',
    breaks: 'a deadline is forgotten once a later one is set, as when a log is read at a start',
    file: 'libs/pool/src/index/deadline-index.ts',
    search: 'this.earliest = Math.min(this.earliest, after);',
    replace: 'this.earliest = after;',
    witnesses: [...poolSpecs, SIMULATOR],
  },
];
