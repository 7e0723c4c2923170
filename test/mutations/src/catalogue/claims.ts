import { SIMULATOR, specs, type Mutation } from '../mutation.js';

const claims = 'apps/allocator/src/claim/claims.ts';
const published = 'apps/allocator/src/published/published-requests.ts';

const key = specs('apps/allocator/src/idempotency.spec.ts');
const lagging = specs('apps/allocator/src/idempotency-lagging.spec.ts');
const idempotency = [...key, ...lagging];
const allocator = specs('apps/allocator/src/allocator.spec.ts');
const publishedSpecs = specs('apps/allocator/src/published/published-requests.spec.ts');

const payloads = 'apps/allocator/src/payloads/payloads.ts';
const payloadSpecs = specs('apps/allocator/src/payloads/payloads.spec.ts');

/** Breaks of the claim: one request id, exactly one server. */
export const claimMutations: readonly Mutation[] = [
  {
    id: 'token-in-clear',
    breaks: "a session's token is recorded in clear although its payload is encrypted",
    file: payloads,
    search: 'token: secret, tokenEncrypted: true }',
    replace: 'token }',
    witnesses: payloadSpecs,
  },
  {
    id: 'claim-without-id',
    breaks: 'a claim carries no de-duplication id',
    file: claims,
    search: 'const deduplicationId = claimKey(id, failures);',
    replace: 'const deduplicationId = undefined;',
    witnesses: [...idempotency, SIMULATOR],
  },
  {
    id: 'new-id-each-try',
    breaks: 'every try of a claim has a de-duplication id of its own',
    file: claims,
    search: 'claimKey(id, failures)',
    replace: '`${id}.${this.deps.random.id()}`',
    witnesses: [...idempotency, SIMULATOR],
  },
  {
    id: 'id-not-counted-up',
    breaks: 'a claim after a recorded failure has the id of the first',
    file: claims,
    search: 'claimKey(id, failures)',
    replace: 'id',
    // Other tests of the file never end with it.
    witnesses: key.map((one) => ({ ...one, named: 'under a new key' })),
  },
  {
    id: 'unreadable-is-an-outcome',
    breaks: 'who waits for a callback looks for ever, once nobody can read what stands on the slot',
    file: claims,
    search: 'slots.get(holder.subject)?.sequence !== holder.sequence',
    replace: 'slots.sequenceOf(holder.subject) !== holder.sequence',
    witnesses: lagging.map((one) => ({ ...one, named: 'nobody can read' })),
  },
  {
    id: 'original-not-followed',
    breaks: 'what another allocator claimed for the id is not read',
    file: claims,
    search: "if (outcome.kind === 'duplicate' && outcome.original !== undefined) {",
    replace: "if (outcome.kind === 'duplicate' && outcome.original === undefined) {",
    witnesses: [...idempotency, SIMULATOR],
  },
  {
    id: 'original-not-read-on',
    breaks: 'of another claim for the id, only the claim is read and not what became of it',
    file: claims,
    search: '        this.deps.writer.takeAhead(item);\n',
    replace: '        this.deps.writer.takeAhead(item);\n        break;\n',
    witnesses: [...idempotency, SIMULATOR],
  },
  {
    id: 'joined-not',
    breaks: 'two requests of one id at one allocator do not share an answer',
    file: claims,
    search: 'if (known !== undefined) return known;',
    replace: 'if (known === null) return known;',
    witnesses: [...idempotency, SIMULATOR],
  },
  {
    id: 'ended-id-served-again',
    breaks: 'an id whose session is over is given a server again',
    file: claims,
    search: 'return known && ended(id, known.end);',
    replace: 'return known && undefined;',
    witnesses: [...idempotency, SIMULATOR],
  },
  {
    id: 'refused-unread',
    breaks: 'a request is refused for want of slots before the log is read to its end',
    file: claims,
    search: 'if (!isAboutSlots(found) || isCurrent) return found;',
    replace: 'if (!isAboutSlots(found) || !isCurrent) return found;',
    witnesses: [...allocator, ...idempotency, SIMULATOR],
  },
  {
    id: 'one-attempt-more',
    breaks: 'six servers are tried for one request, and not five',
    file: claims,
    search: 'serverFailuresOf(id) >= ATTEMPTS_MAX',
    replace: 'serverFailuresOf(id) > ATTEMPTS_MAX',
    witnesses: [...idempotency, ...allocator, ...specs('apps/allocator/src/failing.spec.ts')],
  },
  {
    id: 'stale-serves',
    breaks: 'who does not hear the log serves all the same',
    file: claims,
    search: 'const stale = this.deps.freshness.staleBecause();',
    replace: 'const stale = null as string | null;',
    witnesses: [
      ...specs('apps/allocator/src/log/catching-up.spec.ts'),
      ...idempotency,
      ...allocator,
      SIMULATOR,
    ],
  },
  {
    id: 'overtaken',
    breaks: 'of two that wait, the one who came last is served first',
    file: 'apps/allocator/src/claim/waiting-room.ts',
    search: 'ticket.place < (first?.ticket.place ?? Infinity)',
    replace: 'ticket.place > (first?.ticket.place ?? -Infinity)',
    witnesses: [...specs('apps/allocator/src/waiting.spec.ts'), SIMULATOR],
  },
  {
    id: 'deallocation-unread',
    breaks: 'an id is called unknown by who has not read on',
    file: 'apps/allocator/src/claim/deallocations.ts',
    search: 'const unread = await this.follower.unreadBecause();',
    replace: 'const unread = await Promise.resolve(this.follower.staleBecause());',
    witnesses: [...idempotency, ...allocator, SIMULATOR],
  },
  {
    id: 'maximum-unread',
    breaks: 'a claim is judged by the maximum before those stored earlier are read',
    file: 'apps/allocator/src/fleets/maximum.ts',
    search: "if (!(await this.freshness.hasRead(claim, until))) return 'unsure';",
    replace: 'await Promise.resolve();',
    witnesses: [...specs('apps/allocator/src/fleets/maximum.spec.ts'), SIMULATOR],
  },
  {
    id: 'settled-before-stored',
    breaks: 'a published request is settled before its answer is stored',
    file: published,
    search: 'if (await this.settle(queued)) {\n        await queued.done();',
    replace: 'await queued.done();\n      if (await this.settle(queued)) {',
    witnesses: [...publishedSpecs, SIMULATOR],
  },
  {
    id: 'answered-twice',
    breaks: 'a published request that is delivered again is answered again',
    file: published,
    search: 'if (queued.delivery > 1 && (await this.isAnswered',
    replace: 'if (queued.delivery < 1 && (await this.isAnswered',
    witnesses: [...publishedSpecs, SIMULATOR],
  },
  {
    id: 'expired-though-served',
    breaks: 'a published request that has a server is told that it is too late',
    file: published,
    search: 'if (leftMs <= 0 && !this.serving.knows(allocationId)) {',
    replace: 'if (leftMs <= 0) {',
    witnesses: [...publishedSpecs, SIMULATOR],
  },
  {
    id: 'own-hold-in-the-way',
    breaks: 'a request that does not wait is refused for the slot that it holds itself',
    file: claims,
    search: 'isLost && this.deps.clock.now() >= attempt.waitUntil',
    replace: 'isLost && attempt.waitUntil < 0',
    witnesses: specs('apps/allocator/src/allocator.spec.ts'),
  },
  {
    id: 'overload-begun',
    breaks: 'an allocator begins requests however many appends have no outcome yet',
    file: 'apps/allocator/src/claim/admission.ts',
    search: 'this.line.size === 0 && this.room() > 0',
    replace: 'this.line.size === 0',
    witnesses: specs('apps/allocator/src/claim/claim.endpoints.spec.ts'),
  },
];
