import { BYTES_MAX } from '#jetstream';
import { commonSettings, listOf, path, readConfig, yesOrNo } from '#service-runtime';
import { token } from '#wire';
import { z } from 'zod';
import { DEFAULTS } from './options.js';

/** One message may have 1 MiB. */
const bytesMax = (byDefault: number) => z.coerce.number().int().min(1_048_576).default(byDefault);

/** The allocator's environment variables. */
export const allocatorSettings = z.object({
  ...commonSettings,
  BERTH_REGIONS: listOf(token, 'names')
    .prefault('local')
    .describe('regions that it serves and whose log it writes'),
  NATS_MONITOR_URLS: listOf(z.url({ protocol: /^https?$/ }), 'URLs')
    .default([])
    .describe(
      'where nats-servers are monitored (`http_port`): they are asked whether they sync what they acknowledge, and how full they are',
    ),
  BERTH_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe(
      'nats-servers that store each event; several need a cluster of version 2.14.4 or newer',
    ),
  BERTH_REMEMBER_HOURS: z.coerce
    .number()
    .positive()
    .default(DEFAULTS.rememberMs / 3_600_000)
    .describe('how long the id of a request is remembered after its session has ended'),
  BERTH_ARCHIVE_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .default(DEFAULTS.archiveMs / 86_400_000)
    .describe('how long every event of every slot is archived; 0 for no archive'),
  BERTH_REMEMBERED_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(DEFAULTS.rememberedMax)
    .describe('the most ended ids that are remembered for each region; about 350 bytes each'),
  BERTH_REQUESTS_BYTES_MAX: bytesMax(BYTES_MAX.requests).describe(
    'how much published requests that wait may take in each region; nats-server keeps that much space for them, on each of its replicas; one more request is refused',
  ),
  BERTH_OUTCOMES_BYTES_MAX: bytesMax(BYTES_MAX.outcomes).describe(
    'how much the outcomes of requests may take in each region, with space kept in the same way; the oldest make room',
  ),
  BERTH_WAITING_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(DEFAULTS.waitingMax)
    .describe('the most requests that may wait for a server at one allocator, for each region'),
  BERTH_REQUIRE_MACHINE_POLICY: yesOrNo
    .default(DEFAULTS.policyRequired)
    .describe(
      'whether slots of a machine that has no policy are refused; the same at all allocators of a region',
    ),
  BERTH_ENCRYPT_PAYLOADS: yesOrNo
    .default(DEFAULTS.encryptsPayloads)
    .describe(
      'whether payloads, answers and tokens are encrypted in the log, with a key for each allocation that can be destroyed; every other service of the region must know this version first',
    ),
  BERTH_PAYLOAD_DAYS: z.coerce
    .number()
    .positive()
    .max(36_500)
    .default(DEFAULTS.payloadMs / 86_400_000)
    .describe('how long encrypted payloads and answers can be read, in days, and up to one more'),
  BERTH_PAYLOAD_MASTER_KEY_FILE: path
    .optional()
    .describe(
      'file with 32 bytes in base64 on each line, the same for all allocators of a region: what keys are made of is encrypted with the first in the store of nats-server, and decrypted with any; read again when it changes',
    ),
});
export type AllocatorConfig = z.output<typeof allocatorSettings>;

export function allocatorConfig(env: NodeJS.ProcessEnv): AllocatorConfig {
  return readConfig(allocatorSettings, env);
}
