import { specs, type Mutation } from '../mutation.js';

const report = 'libs/slot/src/slot.report.ts';
const restoration = 'libs/slot/src/slot.restoration.ts';
const restorations = 'apps/allocator/src/repair/restorations.ts';

const law = specs('libs/slot/src/slot.restoration.spec.ts');
const allocator = specs('apps/allocator/src/repair/restorations.spec.ts');
const simulated = [
  { spec: 'test/simulation/src/simulation.spec.ts', named: 'six sessions are lost' },
];

/** What is told to a log that went back. */
export const returnMutations: readonly Mutation[] = [
  {
    id: 'answer-of-another-id',
    breaks: 'what a game said to one claim answers another one of the same fence',
    file: report,
    search: '(session.allocationId ?? context.allocation?.id) !== context.allocation?.id',
    replace: "session.allocationId === ''",
    witnesses: law,
  },
  {
    id: 'cleared-under-a-session',
    breaks: 'a slot is free while a session that the log lost runs there',
    file: report,
    search: '&& report.unlogged === undefined',
    replace: '&& report.remark !== null',
    witnesses: [...law, ...simulated],
  },
  {
    id: 'restored-under-an-old-fence',
    breaks: 'a session comes back under a fence that another claim had',
    file: restoration,
    search: 'Math.max(session.fence, context.fence + 1)',
    replace: 'session.fence',
    witnesses: law,
  },
  {
    id: 'restored-though-over',
    breaks: 'a session comes back whose end the log knows',
    file: restoration,
    search: 'context.allocation?.id === id || hasEnded(context, id)',
    replace: "context.allocation?.id === id || (hasEnded(context, id) && id === '')",
    witnesses: law,
  },
  {
    id: 'occupied-counts-as-failure',
    breaks: 'a claim of a slot that another session has costs its request an attempt',
    file: 'libs/slot/src/slot.ends.ts',
    search: 'occupied: WITHDRAWN,',
    replace: 'occupied: FAILED,',
    witnesses: law,
  },
  {
    id: 'restored-by-a-late-report',
    breaks: 'a report that went by an earlier event brings a session back that is over',
    file: restorations,
    search: 'head?.sequence !== seen',
    replace: 'head === undefined',
    witnesses: allocator,
  },
  {
    id: 'restored-beside-another',
    breaks: 'a session comes back although its id has another server',
    file: restorations,
    search: 'if (this.isServedElsewhere(id, subject)) return;',
    replace: 'if (this.isServedElsewhere(id, subject) && until < 0) return;',
    witnesses: allocator,
  },
  {
    id: 'restored-though-spent',
    breaks: 'a session comes back on one slot although it has ended on another',
    file: restorations,
    search: 'allocations.endOf(id) !== undefined',
    replace: "(allocations.endOf(id) !== undefined && id === '')",
    witnesses: allocator,
  },
  {
    id: 'restored-without-key',
    breaks: 'a session comes back and a claim for its id is stored beside it',
    file: restorations,
    search: 'this.writer.append(head, step, until, key)',
    replace: "this.writer.append(head, step, until, key === '' ? key : undefined)",
    witnesses: allocator,
  },
  {
    id: 'no-roll-call',
    breaks: 'an allocator serves before it has asked what the log lost',
    file: 'apps/allocator/src/allocator.ts',
    search: 'await this.rollCall.run(this.rollCallMs);',
    replace: 'await this.rollCall.run(Math.min(this.rollCallMs, 0));',
    witnesses: [...allocator, ...simulated],
  },
  {
    id: 'state-outlives-its-log',
    breaks: 'an owner goes by a log that is another one now',
    file: 'libs/slot-owner/src/reconciler.ts',
    search: 'this.state = slot.initial;\n    this.sequence = 0;',
    replace: 'this.sequence = 0;',
    witnesses: specs('libs/slot-owner/src/reconciler.spec.ts'),
  },
];
