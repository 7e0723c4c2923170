/** An allocator's answer that grants a slot. */
export const granted = {
  status: 'allocated',
  allocationId: 'match-1',
  slot: 'local.a.1',
  region: 'local',
  fleet: 'harbour',
  buildConfiguration: 'harbour-1',
  address: '192.0.2.1:7777',
  ip: '192.0.2.1',
  ports: { game: 7777 },
  token: 'secret',
  payload: { ready: true },
  allocatedAt: 1_767_225_600_000,
} as const;
