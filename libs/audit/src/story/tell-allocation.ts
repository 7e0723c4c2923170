import type { AllocationStory, AttemptStory } from '#http-api';
import type { Asked, Grounds } from '#slot';
import { counted, words } from './words.js';

/** One thing that happened, for people; `at` is epoch ms, null for what has no instant. */
export interface Told {
  readonly at: number | null;
  readonly says: string;
}

/** The story of a request in a few lines; of one that was given no slot, in one. */
export function tellAllocation(story: AllocationStory): readonly Told[] {
  const { askedBy, askedAt, asked, region, attempts, refusal, requestBytes } = story;
  const size = requestBytes === null ? '' : `, with ${bytes(requestBytes)}`;
  const who = `${askedBy} asked in region ${region} for ${tellAsked(asked)}${size}`;
  if (attempts.length === 0) {
    return [{ at: askedAt, says: `${who}, and was refused: ${tellRefusal(story)}` }];
  }
  const ends = attempts.at(-1)?.left?.outcome === 'over' ? [] : tellOpenEnd(story);
  // A refusal that came before the first slot belongs to an earlier question.
  const isEarlier = refusal !== null && refusal.refusedAt < (attempts[0]?.claimedAt ?? 0);
  const before = isEarlier
    ? [{ at: refusal.refusedAt, says: `it was refused first: ${tellRefusal(story)}` }]
    : [];
  return [
    { at: askedAt, says: who },
    ...before,
    ...attempts.flatMap((attempt) => tellAttempt(attempt, story)),
    ...(isEarlier ? [] : ends),
    ...tellForgotten(story),
  ];
}

function tellAttempt(attempt: AttemptStory, { answerBytes }: AllocationStory): readonly Told[] {
  const { claimedAt, answeredAt, left, grounds, slot, allocator, clearedAt, restored } = attempt;
  const why = grounds === undefined ? '' : `: ${tellGrounds(grounds)}`;
  const how = restored ? 'put back into the log, which had lost it, by' : 'chosen by';
  const claim = {
    at: claimedAt,
    says: `attempt ${attempt.attempt}: slot ${slot}, ${how} ${allocator}${why}`,
  };
  const told: Told[] = [claim];
  if (answeredAt !== null) {
    const says = `the game took the session after ${duration(answeredAt - claimedAt)}`;
    const size = answerBytes === null ? '' : `, answering ${bytes(answerBytes)}`;
    told.push({ at: answeredAt, says: says + size });
  }
  if (left !== null) told.push(tellEnd(attempt, left));
  if (left?.outcome === 'over' && clearedAt !== null) {
    const says = `the slot was free again after ${duration(clearedAt - left.at)}`;
    told.push({ at: clearedAt, says });
  }
  return told;
}

function tellEnd(
  { claimedAt, answeredAt, playersMax, crashes }: AttemptStory,
  { at, by, outcome, reason, requestedBy, lastLine }: NonNullable<AttemptStory['left']>,
): Told {
  const why = [
    by,
    requestedBy === undefined ? '' : `by ${requestedBy}`,
    lastLine === undefined ? '' : `last line "${lastLine}"`,
  ];
  const because = words(why) + (reason === '' ? '' : `: ${reason}`);
  if (outcome !== 'over' || answeredAt === null) {
    const left = outcome === 'withdrawn' ? 'taken back' : 'left';
    return { at, says: `${left} after ${duration(at - claimedAt)}: ${because}` };
  }
  const session = words([
    duration(at - answeredAt),
    playersMax > 0 ? `${counted(playersMax, 'player')} seen` : '',
    crashes > 0 ? counted(crashes, 'crash') : '',
  ]);
  return { at, says: `the session ended after ${session}: ${because}` };
}

function tellForgotten({ forgotten }: AllocationStory): readonly Told[] {
  if (forgotten === undefined) return [];
  const { at, by, reason } = forgotten;
  const who = by === '' ? '' : ` by ${by}`;
  return [{ at, says: `payload and answer were forgotten${who}: ${reason}` }];
}

function tellOpenEnd(story: AllocationStory): readonly Told[] {
  const { refusal, status } = story;
  switch (status) {
    case 'pending':
      return [{ at: null, says: "the game's answer is waited for" }];
    case 'allocated':
      return [{ at: null, says: `the session goes on${afterCrashes(story)}` }];
    case 'refused':
      return [{ at: refusal?.refusedAt ?? null, says: `it was refused: ${tellRefusal(story)}` }];
    case 'ended':
      return [];
    case 'unserved':
      return [{ at: null, says: 'it was not served, and no refusal of it is kept' }];
    default:
      return status satisfies never;
  }
}

function afterCrashes({ attempts }: AllocationStory): string {
  const crashes = attempts.at(-1)?.crashes ?? 0;
  return crashes === 0 ? '' : ` after ${counted(crashes, 'crash')}`;
}

function tellRefusal({ refusal }: AllocationStory): string {
  if (refusal === null) return '';
  return `${refusal.message} (${refusal.code}, by ${refusal.allocator})`;
}

/** What a request asked for: `fleet ctf, mode=ranked`. */
export function tellAsked(asked: Asked): string {
  const { fleet, fleets, buildConfiguration, slot, attributes = {}, leftOut } = asked;
  const all = words([
    slot === undefined ? '' : `slot ${slot}`,
    fleet === undefined ? '' : `fleet ${fleet}`,
    fleets === undefined ? '' : `one of the fleets ${fleets.join(' ')}`,
    buildConfiguration === undefined ? '' : `build configuration ${buildConfiguration}`,
    ...Object.entries(attributes).map(([key, value]) => `${key}=${value}`),
    leftOut === undefined ? '' : `and ${leftOut} more`,
  ]);
  return all === '' ? 'any server' : all;
}

const PROCESS: Readonly<Record<string, string>> = {
  ready: 'its process was ready',
  none: 'it had no process',
  other: 'its process had to be replaced',
};

const CRITERIA: Readonly<Record<string, string>> = {
  'failed-starts': 'the next best had failed starts',
  priority: 'the next best had a lower priority',
  process: "the next best's process fitted less",
};

/** Why a slot was chosen: `12 fitted, 4 as good, its process was ready, 3 taken`. */
export function tellGrounds(grounds: Grounds): string {
  const { fitted, alike, how, by, process, passedOver = {}, waitedMs, held, atLeast } = grounds;
  const most = atLeast === true ? 'at least ' : '';
  const ranked = [`${most}${fitted} fitted`, alike === 1 ? '' : `${alike} as good`];
  return words([
    ...(how === 'named' ? ['it was named'] : how === 'freed' ? ['it became free'] : ranked),
    waitedMs === undefined ? '' : `after a wait of ${duration(waitedMs)}`,
    PROCESS[process] ?? process,
    by === undefined ? '' : (CRITERIA[by] ?? by),
    ...Object.entries(passedOver).map(([obstacle, slots]) => `${slots} ${obstacle}`),
    held === undefined ? '' : `${held} of them promised to others`,
  ]);
}

const bytes = (count: number) => `${count} bytes`;

/** `230 ms`, `2.1 s`, `12 min 3 s`. */
function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${Math.round(seconds - 60 * minutes)} s`;
}
