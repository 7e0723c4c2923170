import { guidOf, type slotIds } from '#multiplay';
import type { SlotRef } from '#slot';
import { slotName } from '#wire';
import { join } from 'node:path';
import { portsByName } from '../machine/extra-ports.js';
import type { SlotPorts } from '../machine/slot-folder.js';

/** Everything that a game may be told about the slot it runs in. */
export interface LaunchContext {
  readonly ref: SlotRef;
  /** The numbers of the slot and its machine in Multiplay's tools. */
  readonly ids: ReturnType<typeof slotIds>;
  readonly fleet: string;
  readonly ip: string;
  /** Further addresses, by name; missing if there are none. */
  readonly addresses?: Readonly<Record<string, string>>;
  readonly ports: SlotPorts;
  readonly home: string;
  readonly logs: string;
  /** Folder for temporary files; null: the one that the agent has. */
  readonly temporary: string | null;
  /** URL of the SDK daemon; null if there is none. */
  readonly sdkUrl: string | null;
  /** Variables that the build configuration adds. Built-in names take precedence. */
  readonly variables: Readonly<Record<string, string>>;
  readonly queryType: 'none' | 'sqp' | 'a2s';
  /** The folder with the build's files; null if the build configuration has no build. */
  readonly buildFolder: string | null;
}

/** Names of the placeholders. All are Multiplay's except `callback_port` and `build_dir`. */
export const PLACEHOLDERS = [
  'port',
  'query_port',
  'callback_port',
  'query_type',
  'ip',
  'ipv6',
  'log_dir',
  'config_dir',
  'file_dir',
  'build_dir',
  'game_exe',
  'serverid',
  'machineid',
  'fleetid',
  'regionid',
  'regionname',
  'timestamp',
] as const;

export function placeholders(
  context: LaunchContext,
  executable: string,
  at: number,
): Readonly<Record<(typeof PLACEHOLDERS)[number] | Extra, string>> {
  const { ref, ids, fleet, ports, home, logs, queryType, buildFolder } = context;
  return {
    ...extras(context),
    ...familiesOf(context),
    port: String(ports.game),
    query_port: String(ports.query),
    callback_port: String(ports.callback),
    query_type: queryType,
    log_dir: logs,
    config_dir: home,
    file_dir: home,
    build_dir: buildFolder ?? home,
    game_exe: executable,
    serverid: String(ids.server),
    machineid: String(ids.machine),
    fleetid: guidOf('fleet', fleet),
    regionid: guidOf('region', ref.region),
    regionname: ref.region,
    timestamp: String(Math.floor(at / 1000)),
  };
}

type Extra = `port_${string}` | `ip_${string}`;

/**
 * The extra ports and addresses of a slot, such as `port_rcon`, `port_voice_last`, `ip_internal`.
 */
function extras({ ports, addresses = {} }: LaunchContext): Readonly<Record<Extra, string>> {
  const named = Object.entries(portsByName(ports)).map(([name, port]) => [
    `port_${name}`,
    String(port),
  ]);
  const told = Object.entries(addresses).map(([name, host]) => [`ip_${name}`, host]);
  return Object.fromEntries([...named, ...told]) as Record<Extra, string>;
}

/** The address of each family; empty if there is none. A host name counts as IPv4. */
export function familiesOf({ ip, addresses = {} }: Pick<LaunchContext, 'ip' | 'addresses'>) {
  const { ipv4 = '', ipv6 = '' } = addresses;
  return ip.includes(':') ? { ip: ipv4, ipv6: ip } : { ip, ipv6 };
}

/** The variables that Berth gives to each game, and what each of them means. */
export const GAME_VARIABLES = {
  HOME: "the slot's folder, which is the game's working folder too",
  TMPDIR: 'folder for temporary files, if games run as users of their own',
  BERTH_SLOT: "the slot's name, `region.agent.slot`",
  BERTH_REGION: "the slot's region",
  BERTH_FLEET: "the slot's fleet",
  BERTH_GAME_PORT: 'port for players, `{port}` of the command',
  BERTH_QUERY_PORT: 'port for queries, `{query_port}` of the command',
  BERTH_CALLBACK_PORT: 'port for the callback, `{callback_port}` of the command',
  BERTH_TOKEN: 'secret of this process; callbacks carry it, and the matchmaker gets it',
  BERTH_SERVER_ID: 'number of the server, `serverID` of `server.json`',
  BERTH_SDK_URL: 'URL of the SDK daemon; not set if there is none',
  BERTH_PORT_NAME:
    'each extra port, with its name in capitals, such as `BERTH_PORT_RCON`; for a range, its first port `BERTH_PORT_VOICE` and its last `BERTH_PORT_VOICE_LAST`',
  BERTH_IP_NAME: 'each extra address, with its name in capitals, such as `BERTH_IP_INTERNAL`',
  BERTH_RUN: 'id of the run, by which the agent finds every process that the game has started',
} as const;

type GameVariables = Partial<Record<keyof typeof GAME_VARIABLES, string>>;

function extraVariables(context: LaunchContext): Readonly<Record<string, string>> {
  const words = Object.entries(extras(context));
  return Object.fromEntries(words.map(([name, word]) => [`BERTH_${name.toUpperCase()}`, word]));
}

/** The values of `GAME_VARIABLES` for one process. `GameRunner` adds `BERTH_RUN`. */
export function variables(context: LaunchContext, token: string): GameVariables {
  return {
    ...extraVariables(context),
    HOME: context.home,
    ...(context.temporary !== null && { TMPDIR: context.temporary }),
    BERTH_SLOT: slotName(context.ref),
    BERTH_REGION: context.ref.region,
    BERTH_FLEET: context.fleet,
    BERTH_GAME_PORT: String(context.ports.game),
    BERTH_QUERY_PORT: String(context.ports.query),
    BERTH_CALLBACK_PORT: String(context.ports.callback),
    BERTH_TOKEN: token,
    BERTH_SERVER_ID: String(context.ids.server),
    ...(context.sdkUrl === null ? {} : { BERTH_SDK_URL: context.sdkUrl }),
  };
}

/**
 * The text of Multiplay's `server.json`. Every value is a string: Multiplay's Go SDK reads the file
 * as a map of strings and fails on anything else. Fleet and region are GUIDs, because other
 * programs parse them as GUIDs.
 *
 * @param allocatedUUID empty while the slot is not allocated; the key is always there
 */
export function serverJson(context: LaunchContext, allocatedUUID: string): string {
  const { ref, ids, fleet, ports, home, logs, sdkUrl, queryType } = context;
  return JSON.stringify({
    ...context.variables,
    ...extras(context),
    ...familiesOf(context),
    allocatedUUID,
    serverID: String(ids.server),
    machineID: String(ids.machine),
    fleetID: guidOf('fleet', fleet),
    regionID: guidOf('region', ref.region),
    regionName: ref.region,
    port: String(ports.game),
    queryPort: String(ports.query),
    queryType,
    serverLogDir: join(logs, '/'),
    serverFilesDir: join(home, '/'),
    // The key under which the Go SDK looks for a daemon that is not on port 8086.
    ...(sdkUrl === null ? {} : { localProxyUrl: sdkUrl }),
  });
}
