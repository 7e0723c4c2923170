import type { FleetView, MachineView } from '#wire';
import { disksOf } from './disks.js';
import { rolloutsOf, standingOf } from './rollouts.js';
import { loginsOf } from './logins.js';
import { clocksOf, deniedOf, servicesOf, serviceVersionsOf } from './services.js';
import { isLost, type SeenAgent, type SeenRegion } from './seen.js';
import { missingOf, replicasOf, storageOf, syncOf } from './streams.js';
import { listed, type Unknown, type Wrong } from './wrong.js';

/** What the API shows of an installation. */
export interface Seen {
  /** Version of the gateway, and of this program. */
  readonly version: string;
  readonly ownVersion?: string;
  /** The reasons of the gateway for not being ready; empty if it is ready. */
  readonly notReadyBecause: readonly string[];
  /** What the gateway did not answer in time; missing if nothing was given up. */
  readonly unanswered?: readonly string[];
  /** Null if the gateway does not know yet. */
  readonly agents: readonly SeenAgent[] | null;
  /** Null if no allocator answers. */
  readonly fleets: readonly FleetView[] | null;
  /** Null if no allocator answers. */
  readonly machines: readonly Pick<MachineView, 'id' | 'beyond' | 'refused'>[] | null;
  /** Null if the gateway cannot tell, or is older than version 0.3. */
  readonly regions: readonly SeenRegion[] | null;
  readonly failed: readonly {
    readonly id: string;
    readonly check: string;
    readonly reason: string;
  }[];
}

export interface Findings {
  readonly wrong: readonly Wrong[];
  readonly unknown: readonly Unknown[];
  readonly fine: readonly string[];
}

const UNKNOWN: Wrong = {
  what: 'agents and slots are unknown at the moment',
  remedy: 'The gateway has to be ready first.',
};

/** Runs all checks. Each finds that something is fine, or what is wrong and how to mend it. */
export function findingsOf(seen: Seen): Findings {
  const checks = [
    versionsOf(seen),
    readinessOf(seen),
    answersOf(seen),
    allocatorsOf(seen),
    agentsOf(seen),
    policiesOf(seen),
    gamesOf(seen),
    rolloutsOf(seen),
    standingOf(seen),
    roomOf(seen),
    serviceVersionsOf(seen.regions),
    servicesOf(seen.regions),
    deniedOf(seen.regions),
    loginsOf(seen),
    clocksOf(seen.regions),
    missingOf(seen.regions),
    replicasOf(seen.regions),
    syncOf(seen.regions),
    storageOf(seen.regions),
    disksOf(seen.agents),
  ].filter((check) => check !== null);
  const found = checks.filter((check) => typeof check !== 'string');
  return {
    wrong: found.filter((check) => 'what' in check),
    unknown: found.filter((check) => 'unknown' in check),
    fine: checks.filter((check) => typeof check === 'string'),
  };
}

function versionsOf({ version, ownVersion }: Seen): Wrong | string {
  if (ownVersion === undefined) return `the gateway has version ${version}`;
  if (version === ownVersion) return `gateway and berth have the same version, ${version}`;
  return {
    what: `the gateway has version ${version}, this berth ${ownVersion}`,
    remedy: 'Install the same version; allocators before agents.',
  };
}

function readinessOf({ notReadyBecause }: Seen): Wrong | string {
  if (notReadyBecause.length === 0) return 'the gateway has caught up with the log';
  return {
    what: `the gateway is not ready: ${notReadyBecause.join('; ')}`,
    remedy: 'Usually nats-server cannot be reached, or no allocator has created the log.',
  };
}

function answersOf({ unanswered = [] }: Seen): Wrong | null {
  if (unanswered.length === 0) return null;
  return {
    what: `the gateway has not answered in time: ${listed(unanswered)}`,
    remedy: 'Something behind it hangs: an allocator, nats-server, or the gateway itself.',
  };
}

function allocatorsOf({ fleets }: Seen): Wrong | string {
  if (fleets !== null) return 'allocators answer in each region';
  return {
    what: 'no allocator answers in some region',
    remedy: 'Start one for each of BERTH_REGIONS, or read its log.',
  };
}

function agentsOf({ agents }: Seen): Wrong | string {
  if (agents === null) return UNKNOWN;
  if (agents.length === 0) {
    return {
      what: 'no agent has slots',
      remedy: 'Start one; berth agent check finds what is missing.',
    };
  }
  const silent = agents.filter((agent) => agent.lost > 0);
  const lost = silent.filter(isLost).map(({ id }) => id);
  if (silent.length === 0) return 'every agent sends heartbeats';
  if (lost.length === 0) return `stopped in order: ${listed(silent.map(({ id }) => id))}`;
  return {
    what: `lost agents: ${listed(lost)}`,
    remedy: 'Check whether their machines run and reach nats-server; start the agents again.',
  };
}

function policiesOf({ machines }: Seen): Wrong | string | null {
  if (machines === null) return null;
  const found = machines.filter(({ beyond, refused }) => beyond > 0 || refused !== null);
  const [first] = found;
  if (first === undefined) return 'no machine is beyond its policy';
  const because = first.refused === null ? '' : `; ${first.refused.slot}: ${first.refused.reason}`;
  return {
    what: `beyond their policies: ${listed(found.map(({ id }) => id))}${because}`,
    remedy: 'Look at the machine first. Then set its policy again: berth machine policy.',
  };
}

function gamesOf({ failed }: Seen): Wrong | string {
  const [first] = failed;
  if (first === undefined) return 'no game fails its checks';
  return {
    what: `games that fail: ${failed.length}, ${first.id} among them: ${first.reason}`,
    remedy: `Read berth logs ${first.id}; berth events ${first.id} says since when.`,
  };
}

/** A fleet without a free slot refuses the next request. */
function roomOf({ fleets }: Seen): Wrong | string | null {
  if (fleets === null) return null;
  const full = fleets.filter(
    ({ allocated, warm, cold, size }) =>
      allocated > 0 && (warm + cold === 0 || allocated >= (size?.max ?? Infinity)),
  );
  if (full.length === 0) return 'each fleet has room for another session';
  return {
    what: `full: ${listed(full.map(({ id }) => id))}`,
    remedy: 'Add machines, or raise what berth fleet size --max allows.',
  };
}
