/** A metric that a storm does not give a value for certain, why, and the spec that does. */
export interface NotInAStorm {
  readonly service: string;
  readonly name: string;
  readonly because: string;
  readonly spec: string;
}

const END_TO_END = 'test/end-to-end/src/metrics.spec.ts';
const ENDPOINTS = 'libs/metrics/src/endpoint-metrics.spec.ts';
const RARE = 'apps/allocator/src/metrics/rare-metrics.spec.ts';

const of = (service: string, spec: string, because: string, ...names: readonly string[]) =>
  names.map((name): NotInAStorm => ({ service, name, because, spec }));

export const NOT_IN_A_STORM: readonly NotInAStorm[] = [
  ...of(
    ...([
      'allocator',
      'apps/allocator/src/repair/duplicate-allocation-repair.spec.ts',
      'the storm fails if it happens',
    ] as const),
    'berth_duplicate_allocations_total',
  ),
  ...of('allocator', RARE, 'a million ids are remembered', 'berth_ids_forgotten_early_total'),
  ...of('allocator', RARE, 'no fleet changes what it runs', 'berth_rollout_slots'),
  ...of(
    ...(['allocator', RARE, 'killed agents are back in less than 15 s'] as const),
    ...['berth_slot_agent_losses_total', 'berth_slots_lost'],
  ),
  ...of(
    ...(['allocator', RARE, 'only if a refusal comes while nats-server is away'] as const),
    'berth_refusal_records_missed_total',
  ),
  ...of(
    ...([
      'gateway',
      'apps/gateway/src/metrics/gateway-metrics.spec.ts',
      'few clients come',
    ] as const),
    'berth_http_refused_connections_total',
  ),
  ...of(
    ...([
      'agent',
      'apps/agent/src/process/game-runner.spec.ts',
      'its games stop when told to',
    ] as const),
    'berth_agent_game_kills_total',
  ),
  ...of('agent', END_TO_END, 'its games have no players', 'berth_agent_players'),
  ...of('agent', ENDPOINTS, 'nobody asks an agent wrongly', 'berth_endpoint_errors_total'),
  ...of(
    ...(['registrar', END_TO_END, 'no server registers itself'] as const),
    ...['berth_registered_servers', 'berth_endpoint_requests_total'],
    ...['berth_endpoint_errors_total', 'berth_endpoint_processing_seconds_total'],
  ),
  ...of('auditor', ENDPOINTS, 'nobody asks it wrongly', 'berth_endpoint_errors_total'),
  ...of('auditor', END_TO_END, 'its index is begun once, and kept', 'berth_index_rebuilds_total'),
];
