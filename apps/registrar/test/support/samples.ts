import { someLimits } from '#testing';
import type { Registration, RegistrySettings } from '../../src/registration.js';

export function aRegistration(changes: Partial<Registration> = {}): Registration {
  return {
    slot: '1',
    address: '192.0.2.1:7777',
    priority: 0,
    attributes: { env: 'prod' },
    requiredAttributes: [],
    ports: { game: 7_777 },
    callback: { url: '192.0.2.1:3999/allocate', token: 'secret' },
    leaseMs: 60_000,
    registeredAt: 1,
    departure: null,
    called: null,
    ...changes,
  };
}

export function someSettings(): RegistrySettings {
  return {
    fleet: 'registered',
    limits: someLimits(),
    leaseMs: 60_000,
    serversMax: 10,
    replacement: 'address',
  };
}
