import { httpCall, type HttpAnswer } from './http-call.js';

/** Greatest value of a C# `int`. */
const INT_MAX = 2 ** 31 - 1;

/** The settings that a studio edits in one of Unity's example modules. */
export interface UnityModuleSettings {
  /** `https://host`; the modules add the rest of the path themselves. */
  readonly baseUrl: string;
  /** `/v4` in `RocketScienceAllocator`, `/v1/allocations` in `MultiplayAllocator`. */
  readonly basePath: string;
  /** An API key; in `MultiplayAllocator`, Unity's own token for Cloud Code. */
  readonly key: string;
  readonly projectId: string;
  readonly environmentId: string;
  readonly fleetId: string;
  /** Declared as `const int` in both modules. */
  readonly buildConfigId: number;
}

export type UnityAnswer =
  | { readonly status: 'Created'; readonly allocationId: string }
  | { readonly status: 'Pending' }
  | { readonly status: 'Allocated'; readonly ip: string; readonly port: number }
  /** The message that players read. */
  | { readonly status: 'Error'; readonly message: string };

/**
 * The HTTP calls of Unity's example modules for Multiplay, and how they read the answers. Their
 * types are those of C#, so a value that is not a number, or does not fit into 32 bits, is an
 * exception.
 */
export class ReplayedUnityModule {
  constructor(private readonly settings: UnityModuleSettings) {
    int32(settings.buildConfigId, 'BuildConfigId');
  }

  /** The caller draws a new id for each call, as the modules do. */
  async allocate(allocationId: string, regionId: string, results: object): Promise<UnityAnswer> {
    const body = JSON.stringify({
      allocationId,
      buildConfigurationId: this.settings.buildConfigId,
      regionId,
      payload: JSON.stringify(results),
    });
    const answer = await this.ask('POST', '', body);
    if (!isGood(answer)) return { status: 'Error', message: answer.text };
    return { status: 'Created', allocationId: text(read(answer), 'allocationId') };
  }

  /** A pending allocation is polled every two seconds. */
  async poll(allocationId: string): Promise<UnityAnswer> {
    const answer = await this.ask('GET', `/${allocationId}`);
    if (!isGood(answer)) return { status: 'Error', message: answer.text };
    const seen = read(answer);
    const isReady = !flag(seen, 'readiness') || text(seen, 'ready') !== '';
    if (text(seen, 'fulfilled') === '' || !isReady) return { status: 'Pending' };
    const ip = text(seen, 'ipv4');
    const port = int32(seen['gamePort'] ?? 0, 'gamePort');
    return ip === '' || port === 0 ? { status: 'Pending' } : { status: 'Allocated', ip, port };
  }

  private ask(method: string, path: string, body?: string): Promise<HttpAnswer> {
    const { baseUrl, basePath, key, projectId, environmentId, fleetId } = this.settings;
    const place = `projects/${projectId}/environments/${environmentId}/fleets/${fleetId}`;
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    };
    const url = `${baseUrl}${basePath}/${place}/allocations${path}`;
    return httpCall(method, url, headers, body);
  }
}

type Read = Readonly<Record<string, unknown>>;

function isGood({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

function read(answer: HttpAnswer): Read {
  return JSON.parse(answer.text) as Read;
}

function text(from: Read, name: string): string {
  const value = from[name] ?? '';
  if (typeof value !== 'string') throw new TypeError(`${name} is no string`);
  return value;
}

function flag(from: Read, name: string): boolean {
  const value = from[name] ?? false;
  if (typeof value !== 'boolean') throw new TypeError(`${name} is no bool`);
  return value;
}

/** Throws if a C# `int` cannot hold the value. */
function int32(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= INT_MAX) {
    return value;
  }
  throw new RangeError(`${name} is ${JSON.stringify(value)}, and no int`);
}
