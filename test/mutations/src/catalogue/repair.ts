import { SIMULATOR, specs, type Mutation } from '../mutation.js';

const presence = 'apps/allocator/src/repair/presence.ts';
const duplicates = 'apps/allocator/src/repair/duplicate-allocation-repair.ts';
const retention = 'apps/allocator/src/log/retention.ts';
const plan = 'apps/agent/src/slot/slot-plan.ts';
const observed = 'apps/agent/src/slot/observed.ts';

const presenceSpecs = specs('apps/allocator/src/repair/presence.spec.ts');
const retentionSpecs = specs('apps/allocator/src/log/retention.spec.ts');
const duplicateSpecs = specs('apps/allocator/src/repair/duplicate-allocation-repair.spec.ts');
const allocator = specs('apps/allocator/src/allocator.spec.ts');
const planSpecs = specs(
  'apps/agent/src/slot/slot-plan.spec.ts',
  'apps/agent/src/slot/slot-plan.sessions.spec.ts',
  'apps/agent/src/slot/slot-plan.configurations.spec.ts',
);
const agentSpecs = specs('apps/agent/src/agent.spec.ts');
const stream = specs('libs/jetstream/src/streams/stream.spec.ts');
const wentBack = specs('test/contracts/src/log-went-back.jetstream.spec.ts');

/** Breaks of ends, repairs and forgetting, of agents, and of what the server is asked. */
export const repairMutations: readonly Mutation[] = [
  {
    id: 'deadlines-of-the-dead',
    breaks: "no deadline of an allocator's claims passes once it is gone",
    file: 'apps/allocator/src/repair/deadline-scheduler.ts',
    search: 'for (const present of [...mine, ...others]) this.ring(present, now);',
    replace: 'for (const present of others.length < 0 ? others : mine) this.ring(present, now);',
    witnesses: [...allocator, SIMULATOR],
  },
  {
    id: 'later-claim-stands',
    breaks: 'of two slots for one id, the earlier claim is ended',
    file: duplicates,
    search: 'ofOne < ofOther ? other : one,',
    replace: 'ofOne < ofOther ? one : other,',
    witnesses: [...allocator, ...duplicateSpecs],
  },
  {
    id: 'double-not-checked',
    breaks: 'a session is ended as a double by who has not read that the other is over',
    file: duplicates,
    search: 'if (ofOne === null || ofOther === null) return;',
    replace: 'if (ofOne === null && ofOther === null) return;',
    witnesses: [...duplicateSpecs, ...allocator, SIMULATOR],
  },
  {
    id: 'earlier-beat-counts',
    breaks: 'a beat from before the agent was started anew keeps it present',
    file: presence,
    search: 'if (incarnation < latest) return;',
    replace: 'if (incarnation < 0) return;',
    witnesses: presenceSpecs,
  },
  {
    id: 'held-up-loses-agents',
    breaks: 'who stood still takes the agents that it could not hear for lost',
    file: presence,
    search: 'if (heldUp || this.freshness.staleBecause() !== null)',
    replace: 'if (this.freshness.staleBecause() !== null)',
    witnesses: [...presenceSpecs, SIMULATOR],
  },
  {
    id: 'new-agent-lost',
    breaks: 'an agent that has just registered is lost for the silence before',
    file: presence,
    search: 'const sign = { incarnation: 0, heardAt: now };',
    replace: 'const sign = { incarnation: 0, heardAt: 0 };',
    witnesses: presenceSpecs,
  },
  {
    id: 'forgotten-unarchived',
    breaks: 'a retired slot leaves the log before the archive has it',
    file: retention,
    search: '!(await this.isArchived(last))',
    replace: '!(await this.isArchived(last)) && last.sequence < 0',
    witnesses: retentionSpecs,
  },
  {
    id: 'forgotten-too-soon',
    breaks: 'a retired slot leaves the log while its ids are remembered',
    file: retention,
    search: 'if (now < until) return this.later(subject, until);',
    replace: 'if (now < at) return this.later(subject, until);',
    witnesses: retentionSpecs,
  },
  {
    id: 'report-before-its-cause',
    breaks: 'a report is judged by who has not read what the agent had seen',
    file: 'apps/allocator/src/log/reports.ts',
    search: 'await this.catchUp(subject, seen, until);',
    replace: 'await this.catchUp(subject, Math.min(seen, 0), until);',
    witnesses: [...specs('apps/allocator/src/log/slot-writer.spec.ts'), ...allocator, SIMULATOR],
  },
  {
    id: 'agent-goes-back',
    breaks: 'an agent serves a claim that is older than the one it has',
    file: observed,
    search: 'return session.fence <= record.fence ||',
    replace: 'return session.fence < 0 ||',
    witnesses: [...planSpecs, SIMULATOR],
  },
  {
    id: 'agent-takes-equal-fences',
    breaks: 'a claim with the fence of the one being served, but another id, is taken for it',
    file: observed,
    search: 'return isOpen(record) && record.allocationId === allocation.id;',
    replace: "return isOpen(record) && allocation.id !== '';",
    witnesses: [...planSpecs, SIMULATOR],
  },
  {
    id: 'agent-ends-what-the-log-forgot',
    breaks: 'a game is stopped because an older log calls its slot free',
    file: plan,
    search: 'if (!wanted.forEver && isUnlogged(wanted.ended, seen) &&',
    replace: 'if (wanted.forEver && isUnlogged(wanted.ended, seen) &&',
    witnesses: [...planSpecs, SIMULATOR],
  },
  {
    id: 'done-before-written',
    breaks: 'an agent acts on what it has not written down',
    file: 'apps/agent/src/slot/session-store.ts',
    search: 'await this.folder.writeRecord(record);\n      this.kept = record;',
    replace: 'this.kept = record;\n      await this.folder.writeRecord(record);',
    witnesses: [...specs('apps/agent/src/slot/session-store.spec.ts'), ...agentSpecs, SIMULATOR],
  },
  {
    id: 'older-state-followed',
    breaks: 'an owner takes an older state of its slot after a newer one',
    file: 'libs/slot-owner/src/reconciler.ts',
    search: 'if (sequence <= this.sequence) return;',
    replace: 'if (sequence === this.sequence) return;',
    witnesses: [...specs('libs/slot-owner/src/reconciler.spec.ts'), SIMULATOR],
  },
  {
    id: 'window-cut-short',
    breaks: 'the duplicate window is shorter than an allocator may lag',
    file: 'libs/jetstream/src/streams/stream.ts',
    search: 'duplicate_window: nanos(DUPLICATE_WINDOW_MS),',
    replace: 'duplicate_window: nanos(1_000),',
    witnesses: stream,
  },
  {
    id: 'last-events-age',
    breaks: "a slot's last event is removed after a day",
    file: 'libs/jetstream/src/streams/stream.ts',
    search: 'max_age: 0,',
    replace: 'max_age: nanos(86_400_000),',
    witnesses: stream,
  },
  {
    id: 'busy-is-lost',
    breaks: 'a message in flight on the slot is told as a conflict',
    file: 'libs/jetstream/src/log/verdict.ts',
    search: "return { kind: 'busy' };",
    replace: "return { kind: 'conflict' };",
    witnesses: specs('libs/jetstream/src/log/verdict.spec.ts'),
  },
  {
    id: 'other-log-followed',
    breaks: 'a log that went back and was written past the place is read on',
    file: 'libs/jetstream/src/log/log-identity.ts',
    search: 'if (digestOf(stored) === mark.digest) return true;',
    replace: "if (mark.digest !== '') return true;",
    witnesses: wentBack,
  },
  {
    id: 'shorter-log-followed',
    breaks: 'a log that ends before what was read is read on',
    file: 'libs/jetstream/src/log/log-identity.ts',
    search: 'if (state.last_seq < read) {',
    replace: 'if (state.last_seq < 0) {',
    witnesses: wentBack,
  },
];
