import { Unparsable } from '#kernel';
import { allocationEndpoints } from './allocation.endpoints.js';
import { buildEndpoints } from './build.endpoints.js';
import type { Endpoint } from './endpoint.js';
import { fleetEndpoints } from './fleet.endpoints.js';
import { observationEndpoints } from './observation.endpoints.js';
import { registrationEndpoints } from './registration.endpoints.js';
import { slotEndpoints } from './slot.endpoints.js';

/**
 * All that is said on the bus, each thing once: its subject, what is said and answered, who says it
 * and who hears it. Subjects, their documentation, AsyncAPI and permissions are made from this.
 */
export const endpoints = {
  ...slotEndpoints,
  ...allocationEndpoints,
  ...fleetEndpoints,
  ...buildEndpoints,
  ...registrationEndpoints,
  ...observationEndpoints,
};

export const allEndpoints: readonly Endpoint[] = Object.values(endpoints);

/** The region that a subject is of. Throws `Unparsable` where it is the subject of no endpoint. */
export function regionOf(subject: string): string {
  for (const { subject: template } of allEndpoints) {
    const tokens: { readonly region?: string } | undefined = template.match(subject);
    if (tokens?.region !== undefined) return tokens.region;
  }
  throw new Unparsable(`"${subject}" is the subject of no endpoint`);
}
