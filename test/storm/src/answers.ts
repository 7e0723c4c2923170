import { isVerdict, type Answer, type Entry } from './diary.js';
import type { Grant, Violation } from './inspector.js';
import type { Outage } from './readiness.js';

type Grants = ReadonlyMap<string, readonly Grant[]>;

/**
 * An allocator whose log has become shorter believes that after 5 s (ADR 26), and until then tells of
 * sessions that have ended: which is true, though the log does not know it any more (ms).
 */
const BELIEVED_MS = 7_000;

/**
 * Compares the answers to matchmakers with the log: every answer must be in the log, except those
 * that were given in a time whose events the log has lost.
 */
export function checkAnswers(
  entries: readonly Entry[],
  grants: Grants,
  lostTimes: readonly Outage[] = [],
): readonly Violation[] {
  const isLost = ({ answer, answeredAt }: Entry) =>
    lostTimes.some(({ from, to }) => {
      const until = tellsOfAnEnd(answer) ? to + BELIEVED_MS : to;
      return from <= answeredAt && answeredAt <= until;
    });
  const asked = new Set(entries.map(({ id }) => id));
  const unasked = [...grants.keys()].filter((id) => !asked.has(id));
  return [
    ...entries
      .filter((entry) => !isLost(entry))
      .flatMap((entry) => checkAnswer(entry, grants.get(entry.id) ?? [])),
    ...openRequests(entries).map((id) => lost(`${id} was never answered`)),
    ...unasked.map((id) => lost(`${id} holds a slot, and nobody has asked for it`)),
  ];
}

function tellsOfAnEnd(answer: Answer): boolean {
  return answer.outcome === 'refused' ? answer.code === 'ended' : answer.outcome === 'deallocated';
}

function checkAnswer(entry: Entry, grants: readonly Grant[]): readonly Violation[] {
  const complaint = complaintOf(entry, grants);
  if (complaint === undefined) return [];
  const { id, askedAt, answeredAt } = entry;
  const known = grants.map((grant) => describeGrant(grant, askedAt)).join('; ');
  const told = `was told ${complaint} (answered after ${answeredAt - askedAt} ms`;
  return [lost(`${id} ${told}; the log, counted from the question: ${known || 'nothing'})`)];
}

/** One claim according to the log; instants are ms after `askedAt`. */
function describeGrant(
  { slot, sequence, phase, ackedAt, endedAt }: Grant,
  askedAt: number,
): string {
  return `${slot} at ${sequence}, acked ${ackedAt - askedAt}, ended ${endedAt - askedAt}, ${phase}`;
}

function complaintOf({ askedAt, answeredAt, answer }: Entry, grants: readonly Grant[]) {
  switch (answer.outcome) {
    case 'allocated': {
      const { slot, token } = answer;
      const isStored = grants.some((grant) => grant.slot === slot && grant.token === token);
      return isStored ? undefined : `of ${slot}, and the log of another slot or token`;
    }
    case 'deallocated': {
      // Several attempts may have gone to one slot.
      const isEnded = grants.some(({ slot, phase }) => slot === answer.slot && phase === 'ended');
      return isEnded ? undefined : 'that it was ended, and the log does not say so';
    }
    case 'refused':
      return refusalComplaint(answer.code, grants, askedAt, answeredAt);
    case 'uncertain':
      return undefined;
    default:
      return answer satisfies never;
  }
}

function refusalComplaint(
  code: string,
  grants: readonly Grant[],
  askedAt: number,
  answeredAt: number,
): string | undefined {
  const phase = grants.at(-1)?.phase;
  switch (code) {
    case 'ended':
      return phase === 'ended' ? undefined : 'that it had ended, and the log does not say so';
    case 'callback-failed':
      return phase === 'failed' ? undefined : 'that its callbacks failed; the log says otherwise';
    case 'none-available':
    case 'nothing-fits':
    case 'fleet-maximum':
    case 'agents-lost':
    case 'games-failing':
    case 'out-of-service':
    case 'unknown-fleet':
    case 'unknown-allocation': {
      const held = grants.some(({ ackedAt, endedAt }) => ackedAt < askedAt && answeredAt < endedAt);
      return held ? `${code} while it held a slot` : undefined;
    }
    default:
      return undefined;
  }
}

function lost(text: string): Violation {
  return { kind: 'lost', text };
}

/** The ids of requests without a verdict, however often they were asked. */
export function openRequests(entries: readonly Entry[]): readonly string[] {
  const open = new Set(entries.map(({ id }) => id));
  for (const { id, answer } of entries) if (isVerdict(answer)) open.delete(id);
  return [...open];
}

/** How many requests ended in which way. */
export function tally(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const byRequest = new Map<string, Answer[]>();
  for (const { id, answer } of entries) {
    const answers = byRequest.get(id);
    if (answers === undefined) byRequest.set(id, [answer]);
    else answers.push(answer);
  }
  const counts = new Map<string, number>();
  for (const answers of byRequest.values()) {
    const end = endOf(answers);
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, one], [, other]) => other - one));
}

/** The end in words: the first verdict, and whether there was doubt before it. */
function endOf(answers: readonly Answer[]): string {
  const verdict = answers.find(isVerdict);
  if (verdict === undefined) return 'no verdict';
  const word = verdict.outcome === 'refused' ? verdict.code : verdict.outcome;
  return answers[0] === verdict ? word : `uncertain, then ${word}`;
}
