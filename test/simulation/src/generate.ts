import type { Random } from '#kernel';
import { someFullLog, someReturns, someUnreadable } from './generate-log.js';
import {
  allocatorName,
  CALM_AT_MS,
  GATEWAY,
  machineName,
  mapOf,
  type Act,
  type Asking,
  type Directing,
  type Fault,
  type GamePlan,
  type Schedule,
  type Setting,
  type Sizing,
} from './schedule.js';
import { chanceOf, oneOf, whole } from './seeds.js';

const ASKINGS = { min: 8, max: 24 } as const;
const FAULTS_MAX = 40;
const DIRECTINGS_MAX = 3;
const RUSHES_MAX = 3;
const RUSH_EVERY_MS = 7_000;
const DIRECTIONS = ['drain', 'begin-maintenance'] as const;
const VIAS = ['client', 'client', 'client', 'gateway', 'gateway', 'queue'] as const;

/** About how many of each a run without faults has; a fault with a higher number never strikes. */
const USUAL = { messages: 500, appends: 150, reads: 80, looks: 150, touches: 250 } as const;

/** The schedule for a seed. */
export function generate(
  seed: number,
  { skewMs = 0 }: { readonly skewMs?: number } = {},
): Schedule {
  // Version 0.2.0 knows neither repairs nor logs that go back.
  const isMixed = chanceOf(seed, 'versions').fraction() < 0.25;
  const setting = someSetting(chanceOf(seed, 'setting'), skewMs, isMixed);
  const faultsOf = chanceOf(seed, 'faults');
  const faults = Array.from({ length: whole(faultsOf, 0, FAULTS_MAX) }, () =>
    someFault(faultsOf, setting),
  );
  const askings = someAskings(chanceOf(seed, 'askings'), setting);
  const directings = someDirectings(chanceOf(seed, 'directings'), setting);
  const sizingsOf = chanceOf(seed, 'sizings');
  const sizings = someSizings(sizingsOf, setting);
  const rush = sizings.flatMap((sizing) => someRushes(sizingsOf, sizing, setting));
  const usual = [...askings, ...directings, ...sizings, ...rush, ...faults];
  const full = someFullLog(chanceOf(seed, 'full'));
  const unreadable = isMixed ? [] : someUnreadable(chanceOf(seed, 'unreadable'), setting);
  const returns = isMixed ? [] : someReturns(chanceOf(seed, 'returns'));
  const acts = [...usual, ...full, ...unreadable, ...returns];
  if (returns.length === 0) return { seed, setting, acts };
  // If the log loses a retirement, only the operator knows that there was one.
  const isKept = (act: Act) => act.kind !== 'direct' || act.direction !== 'retire';
  return { seed, setting, acts: acts.filter(isKept) };
}

function someSetting(random: Random, skewMs: number, isMixed: boolean): Setting {
  return {
    isMixed,
    allocators: whole(random, 1, 3),
    machines: whole(random, 1, 2),
    slotsPerMachine: whole(random, 1, 4),
    keepWarm: random.fraction() < 0.7,
    limits: {
      callbackMs: whole(random, 1_000, 3_000),
      coldStartMs: whole(random, 3_000, 6_000),
      idleMs: whole(random, 5_000, 20_000),
      sessionMs: random.fraction() < 0.5 ? null : whole(random, 4_000, 30_000),
      restartsMax: whole(random, 0, 2),
    },
    first: oneOf(random, ['id', 'expectation']),
    skewMs,
  };
}

/**
 * Some ids are requested several times: at the same time by others, again after a while, or much
 * later.
 */
function someAskings(random: Random, setting: Setting): readonly Asking[] {
  const count = whole(random, ASKINGS.min, ASKINGS.max);
  const askings: Asking[] = [];
  for (let number = 1; number <= count; number += 1) {
    const asking = someAsking(random, `match-${number}`, setting);
    askings.push(asking);
    const again = random.fraction();
    if (again < 0.15) askings.push({ ...asking, at: asking.at + whole(random, 0, 5) });
    if (again > 0.7) {
      const at = whole(random, asking.at, CALM_AT_MS);
      askings.push({ ...asking, at, then: 'nothing', via: oneOf(random, VIAS) });
    }
  }
  return askings.sort((one, other) => one.at - other.at);
}

function someAsking(random: Random, id: string, { machines }: Setting): Asking {
  return {
    kind: 'ask',
    // In waves, so that some of them race.
    at: whole(random, 1, 10) * 5_000 + whole(random, 0, random.fraction() < 0.5 ? 20 : 5_000),
    id,
    via: oneOf(random, VIAS),
    map: random.fraction() < 0.5 ? null : mapOf(whole(random, 1, machines)),
    waitMs: oneOf(random, [0, 0, 1_000, 10_000]),
    timeoutMs: oneOf(random, [300, 3_000, 15_000]),
    games: Array.from({ length: whole(random, 1, 3) }, () => someGame(random)),
    then: oneOf(random, ['nothing', 'nothing', 'deallocate', 'deallocate', 'die', 'cancel']),
    afterMs: whole(random, 0, random.fraction() < 0.3 ? 100 : 10_000),
  };
}

/** At most one direction per slot, since one would undo what the other began. */
function someDirectings(random: Random, setting: Setting): readonly Directing[] {
  const found = new Map<string, Directing>();
  for (let left = whole(random, 0, DIRECTINGS_MAX); left > 0; left -= 1) {
    const machine = whole(random, 1, setting.machines);
    const slot = String(whole(random, 1, setting.slotsPerMachine));
    // At most one slot is retired, and never the only one.
    const mayRetire =
      machine + Number(slot) === 2 && setting.machines * setting.slotsPerMachine > 2;
    const direction = mayRetire && random.fraction() < 0.5 ? 'retire' : oneOf(random, DIRECTIONS);
    found.set(`${machine}.${slot}`, {
      kind: 'direct',
      at: whole(random, 1_000, CALM_AT_MS - 25_000),
      direction,
      isForced: random.fraction() < 0.4,
      machine,
      slot,
      forMs: whole(random, 0, 15_000),
    });
  }
  return [...found.values()];
}

function someSizings(random: Random, setting: Setting): readonly Sizing[] {
  if (random.fraction() < 0.4) return [];
  // Half of the fleets have room for one session only, so that requests compete most.
  const most = random.fraction() < 0.5 ? 1 : setting.machines * setting.slotsPerMachine - 1;
  const max = whole(random, 1, Math.max(1, most));
  const [minAvailable, buffer] = [whole(random, 0, max), whole(random, 0, max)];
  // Early, no one has a slot yet, and all requests of a rush want the first ones.
  const at = whole(random, 500, random.fraction() < 0.5 ? 2_000 : 20_000);
  const forMs = whole(random, 5_000, 35_000);
  return [{ kind: 'size', at, size: { minAvailable, max, buffer }, forMs }];
}

/**
 * Many requests at once for different things: right after the fleet has been sized, and again when
 * the sessions of the served ones are over.
 */
function someRushes(random: Random, sizing: Sizing, setting: Setting): readonly Asking[] {
  const count = whole(random, 1, RUSHES_MAX);
  return Array.from({ length: count }, (_, number) => {
    const at = sizing.at + whole(random, 500, 2_500) + number * RUSH_EVERY_MS;
    const names = `rush-${number + 1}`;
    return Array.from({ length: whole(random, 3, 8) }, (__, index) => ({
      ...someAsking(random, `${names}-${index + 1}`, setting),
      at: at + whole(random, 0, 2),
      map: mapOf(1 + (index % setting.machines)),
      then: 'deallocate' as const,
      afterMs: whole(random, 2_000, RUSH_EVERY_MS - 2_000),
    }));
  }).flat();
}

function someGame(random: Random): GamePlan {
  return {
    answer: random.fraction() < 0.75 ? 'accepts' : oneOf(random, ['refuses', 'hangs', 'crashes']),
    then: oneOf(random, ['exits', 'exits', 'crashes', 'stays']),
    afterMs: whole(random, 0, 12_000),
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

function someFault(random: Random, setting: Setting): Fault {
  const kind = oneOf(random, FAULT_KINDS);
  const at = whole(random, 0, CALM_AT_MS - 5_000);
  const allocator = allocatorName(whole(random, 1, setting.allocators));
  const machine = whole(random, 1, setting.machines);
  const draw = random.fraction();
  const who = draw < 0.6 ? allocator : draw < 0.67 ? GATEWAY : machineName(machine);
  const downMs = whole(random, 10, random.fraction() < 0.5 ? 500 : 15_000);
  const byMs = whole(random, 1, random.fraction() < 0.5 ? 100 : 8_000);
  const isLikely = random.fraction() < 0.5;
  switch (kind) {
    case 'kill':
      return { kind, who, at, downMs };
    case 'killAtTouch':
      return { kind, who, nth: whole(random, 1, USUAL.touches), isDone: isLikely, downMs };
    case 'freeze':
      return { kind, who, at, forMs: downMs };
    case 'message': {
      const fate = oneOf(random, MESSAGE_FATES);
      return { kind, nth: whole(random, 1, USUAL.messages), fate, byMs };
    }
    case 'append': {
      const fate = oneOf(random, APPEND_FATES);
      return { kind, nth: whole(random, 1, USUAL.appends), fate, byMs };
    }
    case 'read':
      return { kind, nth: whole(random, 1, USUAL.reads), byMs };
    case 'look':
      return { kind, nth: whole(random, 1, USUAL.looks) };
    case 'stall':
      return { kind, who: allocator, at, forMs: downMs, isHeard: isLikely };
    case 'logAway':
      return { kind, at, forMs: downMs };
    case 'gameCrash':
      return { kind, machine, slot: String(whole(random, 1, setting.slotsPerMachine)), at };
    default:
      return kind satisfies never;
  }
}
