import type { MasterKeys } from './payloads/master-key.js';

/** The options of an allocator; production runs with the defaults. */
export interface AllocatorOptions {
  /** How long an id is remembered after its session has ended (ms). */
  readonly rememberMs: number;
  /** How long the archive keeps an event (ms). */
  readonly archiveMs: number;
  /** Greatest number of ended ids, and of ids with failures, that are remembered. */
  readonly rememberedMax: number;
  /** Greatest number of requests that may wait at this allocator; one more is refused. */
  readonly waitingMax: number;
  /**
   * How long a start waits for agents that do not answer which sessions they serve (ms): an agent
   * that lost its connection together with this allocator is back within that time. With 0 no agent
   * is asked.
   */
  readonly rollCallMs: number;
  /** Whether a machine without a policy is refused. */
  readonly policyRequired: boolean;
  /** Whether payloads and answers of new allocations are encrypted. */
  readonly encryptsPayloads: boolean;
  /** How long an encrypted payload can be read (ms). */
  readonly payloadMs: number;
  /** Encrypt the secrets of keys in the store; without any, they are not encrypted. */
  readonly masterKeys: MasterKeys;
}

export const DEFAULTS: AllocatorOptions = {
  rememberMs: 24 * 3_600_000,
  archiveMs: 90 * 24 * 3_600_000,
  rememberedMax: 1_000_000,
  waitingMax: 10_000,
  rollCallMs: 3_000,
  policyRequired: false,
  encryptsPayloads: false,
  payloadMs: 30 * 24 * 3_600_000,
  masterKeys: () => [],
};
