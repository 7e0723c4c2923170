import { join } from 'node:path';
import { REGION } from './play.js';
import { Service } from './service.js';
import { THIS } from '../../versions/src/release.js';

interface Place {
  /** URLs of the nats-servers. */
  readonly urls: string;
  readonly folder: string;
  readonly httpPort: number;
  readonly metricsPort: (name: string) => number;
}

/** Services that no fault strikes: no matchmaker of the storm goes through them. */
export const ONLOOKERS = ['gateway', 'auditor', 'registrar'] as const;

/** The services beside allocators and agents, whose metrics are watched too. */
export function onlookersIn(place: Place): readonly Service[] {
  return ONLOOKERS.map((name) => {
    const env = {
      NATS_URL: place.urls,
      LOG_LEVEL: 'warn',
      HTTP_PORT: String(place.httpPort),
      BERTH_REGION: REGION,
      BERTH_REGIONS: REGION,
      BERTH_DATA: join(place.folder, name),
      BERTH_METRICS_PORT: String(place.metricsPort(name)),
    };
    const main = THIS.module(`apps/${name}/src/main.js`);
    return new Service({ name, main, env, logFile: join(place.folder, `${name}.log`) });
  });
}
