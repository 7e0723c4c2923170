/** The oldest nats-server that may hold a stream without a cluster. */
export const singleServerMin = '2.11.0';

/** The oldest nats-server whose clusters may hold a stream. */
const clusteredServerMin = '2.14.4';

/** What the version check needs: the server's version, and how its stream is kept. */
export interface ServerVersionCheck {
  /** From the INFO line or `nats-server --version`: '2.14.5', 'v2.15.0-RC.1'. */
  readonly version: string;
  /** Replicas of the stream, 1 or more. */
  readonly replicas: number;
  /** Whether the server belongs to a cluster. */
  readonly clustered: boolean;
}

/** The nats-server is too old for Berth's guarantees; `reason` says which of them it breaks. */
export class ServerTooOld extends Error {
  override readonly name = 'ServerTooOld';

  constructor(
    readonly version: string,
    readonly versionMin: string,
    readonly reason: string,
  ) {
    super(`nats-server ${version} is too old, ${versionMin} or newer is needed: ${reason}.`);
  }
}

interface KnownFault {
  readonly fixedIn: string;
  readonly reason: string;
}

/** Sorted by version, so that the first fault that a server has is the worst. */
const clusterFaults: readonly KnownFault[] = [
  {
    fixedIn: '2.10.0',
    // nats-server issue 4320; 20 of 20 racing writers won on 2.9.10.
    reason: 'before 2.10 a cluster lets all racing writers of one compare-and-set win',
  },
  {
    fixedIn: '2.11.0',
    // nats-server #6194.
    reason: 'before 2.11 two compare-and-sets in flight on one subject let replicas disagree',
  },
  {
    fixedIn: '2.12.0',
    // The message id is staged before the check, and stays staged when the check fails.
    reason: 'before 2.12 a failed compare-and-set in a cluster poisons its message id',
  },
  {
    fixedIn: clusteredServerMin,
    // nats-server #8370.
    reason:
      'before 2.14.4 proposals are not fenced by term, so a leader that was replaced can write',
  },
];

/**
 * The version check before a stream is created or opened. A stream with one replica inside a
 * cluster must meet the cluster's minimum, because one edit makes it replicated.
 *
 * @throws {ServerTooOld} also if the version cannot be read
 */
export function checkServerVersion({ version, replicas, clustered }: ServerVersionCheck): void {
  if (clustered || replicas > 1) {
    const fault = clusterFaults.find(({ fixedIn }) => !isAtLeast(version, fixedIn));
    if (fault !== undefined) throw new ServerTooOld(version, clusteredServerMin, fault.reason);
    return;
  }
  if (isAtLeast(version, singleServerMin)) return;
  throw new ServerTooOld(
    version,
    singleServerMin,
    `Berth is measured and tested on ${singleServerMin} and newer only`,
  );
}

/**
 * Whether a version is the minimum or newer. A pre-release is older than its release. A version
 * that cannot be read is older than every other.
 */
export function isAtLeast(version: string, versionMin: string): boolean {
  const candidate = parseVersion(version);
  const minimum = parseVersion(versionMin);
  if (candidate === undefined || minimum === undefined) return false;
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (candidate[part] !== minimum[part]) return candidate[part] > minimum[part];
  }
  return !candidate.preRelease;
}

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly preRelease: boolean;
}

/**
 * Parses versions such as 'v2.15.0-RC.1'; ignores what follows a '+'. Undefined if it is not a
 * version.
 */
function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.exec(text.trim());
  if (match === null) return undefined;
  return {
    major: Number(match[1]),
    minor: Number(match[2]),
    patch: Number(match[3]),
    preRelease: match[4] !== undefined,
  };
}
