import { Unparsable } from '#kernel';
import { allocationEndpoints } from './allocation.endpoints.js';
import { auditEndpoints } from './audit.endpoints.js';
import { buildEndpoints } from './build.endpoints.js';
import type { Endpoint } from './endpoint.js';
import { fleetEndpoints } from './fleet.endpoints.js';
import { installationEndpoints } from './installation.endpoints.js';
import { keyEndpoints } from './key.endpoints.js';
import { machineEndpoints } from './machine.endpoints.js';
import { observationEndpoints } from './observation.endpoints.js';
import { registrationEndpoints } from './registration.endpoints.js';
import { slotEndpoints } from './slot.endpoints.js';

/**
 * The table of everything said on the bus, each thing once: its subject, its message and answer,
 * who sends it and who hears it. Subjects, their documentation, AsyncAPI and permissions are made
 * from it.
 */
export const endpoints = {
  ...slotEndpoints,
  ...allocationEndpoints,
  ...fleetEndpoints,
  ...machineEndpoints,
  ...buildEndpoints,
  ...registrationEndpoints,
  ...observationEndpoints,
  ...auditEndpoints,
  ...keyEndpoints,
  ...installationEndpoints,
};

export const allEndpoints: readonly Endpoint[] = Object.values(endpoints);

/** The region in a subject. Throws `Unparsable` if the subject belongs to no endpoint. */
export function regionOf(subject: string): string {
  for (const { subject: template } of allEndpoints) {
    const tokens: { readonly region?: string } | undefined = template.match(subject);
    if (tokens?.region !== undefined) return tokens.region;
  }
  throw new Unparsable(`"${subject}" is the subject of no endpoint`);
}
