import { endpoints } from '#wire';
import { StorageType } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { SlotStreamConfig } from './stream.js';

const DAY_MS = 86_400_000;

export function keyStreamName(region: string): string {
  return `${endpoints.keyShare.stream}_${region}`;
}

/**
 * The keys of a region's payloads and answers: the settings of the stream, each with its reason.
 *
 * @param days how long anything that can be decrypted by them is kept; may have a fraction
 */
export function keyStreamConfig(region: string, days: number, replicas = 1): SlotStreamConfig {
  const { keyEpoch, keyShare, forgotten } = endpoints;
  return {
    name: keyStreamName(region),
    subjects: [
      keyEpoch.subject.of({ region }),
      keyShare.subject.of({ region }),
      forgotten.subject.filter({ region }),
    ],
    storage: StorageType.File,
    num_replicas: replicas,
    // A key is destroyed by erasing one message: then nats-server overwrites it in its file. What only
    // expires or is purged stays readable there, so age removes what has been useless for a month.
    max_age: nanos(Math.ceil((days + 30) * DAY_MS)),
    deny_delete: false,
    deny_purge: true,
    max_msg_size: 4_096,
    // The epochs are listed without a consumer.
    allow_direct: true,
  };
}
