import type { Chance } from '#kernel';
import {
  allocatorName,
  CALM_AT_MS,
  machineName,
  type Asking,
  type Directing,
  type Fault,
  type GamePlan,
  type Schedule,
  type Setting,
} from './schedule.js';
import { chanceOf, oneOf, whole } from './seeds.js';

const ASKINGS = { min: 8, max: 24 } as const;
const FAULTS_MAX = 40;
const DIRECTINGS_MAX = 3;
const DIRECTIONS = ['drain', 'begin-maintenance'] as const;

/** About how many of each a run without faults has; what is beyond never comes to pass. */
const USUAL = { messages: 500, appends: 150, reads: 80, looks: 150, touches: 250 } as const;

/** The run that a seed stands for. */
export function generate(
  seed: number,
  { skewMs = 0 }: { readonly skewMs?: number } = {},
): Schedule {
  const setting = someSetting(chanceOf(seed, 'setting'), skewMs);
  const faultsOf = chanceOf(seed, 'faults');
  const faults = Array.from({ length: whole(faultsOf, 0, FAULTS_MAX) }, () =>
    someFault(faultsOf, setting),
  );
  const askings = someAskings(chanceOf(seed, 'askings'));
  const directings = someDirectings(chanceOf(seed, 'directings'), setting);
  return { seed, setting, acts: [...askings, ...directings, ...faults] };
}

function someSetting(chance: Chance, skewMs: number): Setting {
  return {
    allocators: whole(chance, 1, 3),
    machines: whole(chance, 1, 2),
    slotsPerMachine: whole(chance, 1, 4),
    keepWarm: chance.fraction() < 0.7,
    limits: {
      callbackMs: whole(chance, 1_000, 3_000),
      coldStartMs: whole(chance, 3_000, 6_000),
      idleMs: whole(chance, 5_000, 20_000),
      sessionMs: chance.fraction() < 0.5 ? null : whole(chance, 4_000, 30_000),
      restartsMax: whole(chance, 0, 2),
    },
    first: oneOf(chance, ['id', 'expectation']),
    skewMs,
  };
}

/** Some ids are asked for several times: by others at once, again after a while, long after. */
function someAskings(chance: Chance): readonly Asking[] {
  const count = whole(chance, ASKINGS.min, ASKINGS.max);
  const askings: Asking[] = [];
  for (let number = 1; number <= count; number += 1) {
    const asking = someAsking(chance, `match-${number}`);
    askings.push(asking);
    const again = chance.fraction();
    if (again < 0.15) askings.push({ ...asking, at: asking.at + whole(chance, 0, 5) });
    if (again > 0.7) {
      askings.push({ ...asking, at: whole(chance, asking.at, CALM_AT_MS), then: 'nothing' });
    }
  }
  return askings.sort((one, other) => one.at - other.at);
}

function someAsking(chance: Chance, id: string): Asking {
  return {
    kind: 'ask',
    // In waves, so that some of them race.
    at: whole(chance, 1, 10) * 5_000 + whole(chance, 0, chance.fraction() < 0.5 ? 20 : 5_000),
    id,
    waitMs: oneOf(chance, [0, 0, 1_000, 10_000]),
    timeoutMs: oneOf(chance, [300, 3_000, 15_000]),
    games: Array.from({ length: whole(chance, 1, 3) }, () => someGame(chance)),
    then: oneOf(chance, ['nothing', 'nothing', 'deallocate', 'deallocate', 'die']),
    afterMs: whole(chance, 0, chance.fraction() < 0.3 ? 100 : 10_000),
  };
}

/** No two of one slot: what one of them begins, the other would end. */
function someDirectings(chance: Chance, setting: Setting): readonly Directing[] {
  const found = new Map<string, Directing>();
  for (let left = whole(chance, 0, DIRECTINGS_MAX); left > 0; left -= 1) {
    const machine = whole(chance, 1, setting.machines);
    const slot = String(whole(chance, 1, setting.slotsPerMachine));
    found.set(`${machine}.${slot}`, {
      kind: 'direct',
      at: whole(chance, 1_000, CALM_AT_MS - 25_000),
      direction: oneOf(chance, DIRECTIONS),
      machine,
      slot,
      forMs: whole(chance, 0, 15_000),
    });
  }
  return [...found.values()];
}

function someGame(chance: Chance): GamePlan {
  return {
    answer: chance.fraction() < 0.75 ? 'accepts' : oneOf(chance, ['refuses', 'hangs', 'crashes']),
    then: oneOf(chance, ['exits', 'exits', 'crashes', 'stays']),
    afterMs: whole(chance, 0, 12_000),
  };
}

const MESSAGE_FATES = ['lost', 'lost', 'twice', 'late'] as const;
const APPEND_FATES = ['answerLost', 'lost', 'late', 'busy', 'inFlight'] as const;

const FAULT_KINDS = [
  'kill',
  'killAtTouch',
  'killAtTouch',
  'killAtTouch',
  'freeze',
  'message',
  'message',
  'message',
  'message',
  'append',
  'append',
  'append',
  'append',
  'read',
  'look',
  'look',
  'stall',
  'logAway',
  'gameCrash',
] as const;

function someFault(chance: Chance, setting: Setting): Fault {
  const kind = oneOf(chance, FAULT_KINDS);
  const at = whole(chance, 0, CALM_AT_MS - 5_000);
  const allocator = allocatorName(whole(chance, 1, setting.allocators));
  const machine = whole(chance, 1, setting.machines);
  const who = chance.fraction() < 0.6 ? allocator : machineName(machine);
  const downMs = whole(chance, 10, chance.fraction() < 0.5 ? 500 : 15_000);
  const byMs = whole(chance, 1, chance.fraction() < 0.5 ? 100 : 8_000);
  const isLikely = chance.fraction() < 0.5;
  switch (kind) {
    case 'kill':
      return { kind, who, at, downMs };
    case 'killAtTouch':
      return { kind, who, nth: whole(chance, 1, USUAL.touches), isDone: isLikely, downMs };
    case 'freeze':
      return { kind, who, at, forMs: downMs };
    case 'message': {
      const fate = oneOf(chance, MESSAGE_FATES);
      return { kind, nth: whole(chance, 1, USUAL.messages), fate, byMs };
    }
    case 'append': {
      const fate = oneOf(chance, APPEND_FATES);
      return { kind, nth: whole(chance, 1, USUAL.appends), fate, byMs };
    }
    case 'read':
      return { kind, nth: whole(chance, 1, USUAL.reads), byMs };
    case 'look':
      return { kind, nth: whole(chance, 1, USUAL.looks) };
    case 'stall':
      return { kind, who: allocator, at, forMs: downMs, isHeard: isLikely };
    case 'logAway':
      return { kind, at, forMs: downMs };
    case 'gameCrash':
      return { kind, machine, slot: String(whole(chance, 1, setting.slotsPerMachine)), at };
    default:
      return kind satisfies never;
  }
}
