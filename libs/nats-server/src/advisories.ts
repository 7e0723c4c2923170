import { isAtLeast } from './version.js';

/** A published weakness of nats-server that matters for the way Berth uses it. */
export interface Advisory {
  readonly id: string;
  readonly says: string;
  /** The first safe version of each minor version; later minor versions are safe. */
  readonly fixedIn: readonly string[];
}

/** Weaknesses of MQTT, WebSockets and leaf nodes are left out: Berth uses none of them. */
const ADVISORIES: readonly Advisory[] = [
  {
    id: 'CVE-2025-30215',
    says: "users with access to JetStream's API can purge other accounts",
    fixedIn: ['2.11.1'],
  },
  {
    id: 'CVE-2026-33222',
    says: 'affects servers with JetStream',
    fixedIn: ['2.11.15', '2.12.6'],
  },
  {
    id: 'CVE-2026-33223',
    says: 'affects servers with JetStream',
    fixedIn: ['2.11.15', '2.12.6'],
  },
  {
    id: 'CVE-2026-33247',
    says: 'credentials on the command line are shown on the monitoring port',
    fixedIn: ['2.11.15', '2.12.6'],
  },
  {
    id: 'CVE-2026-33248',
    says: 'client certificates can be mapped to other users',
    fixedIn: ['2.11.15', '2.12.6'],
  },
  {
    id: 'CVE-2026-33249',
    says: 'a trace header publishes to subjects that permissions forbid',
    fixedIn: ['2.11.15', '2.12.6'],
  },
  {
    id: 'CVE-2026-58251',
    says: 'a queue subscription hears subjects that permissions deny',
    fixedIn: ['2.11.16', '2.12.7', '2.14.0'],
  },
  {
    id: 'CVE-2026-58253',
    says: 'with no_auth_user, routes can be used without authentication',
    fixedIn: ['2.11.16', '2.12.7', '2.14.0'],
  },
];

/** The published weaknesses of a version, such as '2.11.6'. */
export function advisoriesOf(version: string): readonly Advisory[] {
  return ADVISORIES.filter(({ fixedIn }) => {
    const minor = minorOf(version);
    const fix = fixedIn.find((fixed) => minorOf(fixed) === minor) ?? fixedIn.at(-1) ?? version;
    return !isAtLeast(version, fix);
  });
}

/** A version of nats-server has known weaknesses, and others than this machine reach it. */
export class ServerUnsafe extends Error {
  override readonly name = 'ServerUnsafe';
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * Whether a service may use a server of this version.
 *
 * @param host where it is reached
 * @returns what the operator is told; undefined if no weakness of the version is known
 * @throws {ServerUnsafe} it has some, and is reached over a network
 */
export function checkWeaknesses(version: string, host: string): string | undefined {
  const text = advisoryText(version);
  if (text === undefined) return undefined;
  if (LOOPBACK.test(host)) return `${text}. It is used, because it is reached on loopback`;
  throw new ServerUnsafe(`${text}. It is refused, because it is reached at ${host}: upgrade it`);
}

/** One line for the operator; undefined if no weakness of the version is known. */
function advisoryText(version: string): string | undefined {
  const found = advisoriesOf(version);
  if (found.length === 0) return undefined;
  const ids = found.map(({ id, says }) => `${id} (${says})`).join(', ');
  const safe = ADVISORIES.at(-1)?.fixedIn.join(', ') ?? '';
  return `nats-server ${version} has known weaknesses; ${safe} or newer has none of them: ${ids}`;
}

function minorOf(version: string): string {
  return version.replace(/^v/, '').split('.').slice(0, 2).join('.');
}
