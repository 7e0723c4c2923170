import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { Payloads } from './payloads.js';

export const payloads = {
  provide: Payloads,
  useFactory: ({ bus }: GatewayDeps) => new Payloads(bus),
  inject: [GATEWAY_DEPS],
};
