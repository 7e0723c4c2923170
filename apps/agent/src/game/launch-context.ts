import { guidOf, numericId } from '#multiplay';
import type { SlotRef } from '#slot';
import { slotName } from '#wire';
import { join } from 'node:path';
import type { SlotPorts } from '../machine/slot-folder.js';

/** Everything about its place that a game may be told. */
export interface LaunchContext {
  readonly ref: SlotRef;
  readonly fleet: string;
  readonly ip: string;
  readonly ports: SlotPorts;
  readonly home: string;
  readonly logs: string;
  /** Where the SDK daemon is; null where there is none. */
  readonly sdkUrl: string | null;
  /** What its build configuration adds; built-in names win over these. */
  readonly variables: Readonly<Record<string, string>>;
  readonly queryType: 'none' | 'sqp' | 'a2s';
  /** The files of its build; null where it has none of its own. */
  readonly buildFolder: string | null;
}

/** What is filled in on a command line; Multiplay's names, but `callback_port` and `build_dir`. */
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
): Readonly<Record<(typeof PLACEHOLDERS)[number], string>> {
  const { ref, fleet, ip, ports, home, logs, queryType, buildFolder } = context;
  return {
    port: String(ports.game),
    query_port: String(ports.query),
    callback_port: String(ports.callback),
    query_type: queryType,
    ip: ip.includes(':') ? '' : ip,
    ipv6: ip.includes(':') ? ip : '',
    log_dir: logs,
    config_dir: home,
    file_dir: home,
    build_dir: buildFolder ?? home,
    game_exe: executable,
    serverid: numericId(slotName(ref)),
    machineid: numericId(ref.agent),
    fleetid: guidOf('fleet', fleet),
    regionid: guidOf('region', ref.region),
    regionname: ref.region,
    timestamp: String(Math.floor(at / 1000)),
  };
}

/** The variables through which a game knows Berth, and what each of them means. */
export const GAME_VARIABLES = {
  HOME: "the slot's folder, which is the game's working folder too",
  BERTH_SLOT: "the slot's name, `region.agent.slot`",
  BERTH_REGION: "the slot's region",
  BERTH_FLEET: "the slot's fleet",
  BERTH_GAME_PORT: 'port for players, `{port}` of the command',
  BERTH_QUERY_PORT: 'port for queries, `{query_port}` of the command',
  BERTH_CALLBACK_PORT: 'port where the callback comes, `{callback_port}` of the command',
  BERTH_TOKEN: 'secret of this process: callbacks carry it, and the matchmaker is told it',
  BERTH_SERVER_ID: 'number of the server, `serverID` of `server.json`',
  BERTH_SDK_URL: 'where the SDK daemon is; not set where there is none',
  BERTH_RUN: 'mark of the run, by which the agent finds every process that the game has started',
} as const;

type GameVariables = Partial<Record<keyof typeof GAME_VARIABLES, string>>;

/** What a process of a game finds in them, but for the mark of its run. */
export function variables(context: LaunchContext, token: string): GameVariables {
  return {
    HOME: context.home,
    BERTH_SLOT: slotName(context.ref),
    BERTH_REGION: context.ref.region,
    BERTH_FLEET: context.fleet,
    BERTH_GAME_PORT: String(context.ports.game),
    BERTH_QUERY_PORT: String(context.ports.query),
    BERTH_CALLBACK_PORT: String(context.ports.callback),
    BERTH_TOKEN: token,
    BERTH_SERVER_ID: numericId(slotName(context.ref)),
    ...(context.sdkUrl === null ? {} : { BERTH_SDK_URL: context.sdkUrl }),
  };
}

/**
 * The text of Multiplay's `server.json`. Every value is a string: its Go SDK reads the file as a
 * map of strings, and fails on anything else. Fleet and region are GUIDs, as others parse them.
 *
 * @param allocatedUUID empty while the slot is not allocated; the key is always there
 */
export function serverJson(context: LaunchContext, allocatedUUID: string): string {
  const { ref, fleet, ip, ports, home, logs, sdkUrl, queryType } = context;
  return JSON.stringify({
    ...context.variables,
    allocatedUUID,
    serverID: numericId(slotName(ref)),
    machineID: numericId(ref.agent),
    fleetID: guidOf('fleet', fleet),
    regionID: guidOf('region', ref.region),
    regionName: ref.region,
    ip: ip.includes(':') ? '' : ip,
    ipv6: ip.includes(':') ? ip : '',
    port: String(ports.game),
    queryPort: String(ports.query),
    queryType,
    serverLogDir: join(logs, '/'),
    serverFilesDir: join(home, '/'),
    // The Go SDK's own key for a daemon that is not on port 8086.
    ...(sdkUrl === null ? {} : { localProxyUrl: sdkUrl }),
  });
}

export { numericId };
