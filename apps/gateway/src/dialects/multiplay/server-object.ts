import { numericId, slotIds } from '#multiplay';
import { statusOf, type SlotState } from '#slot';
import { z } from 'zod';
import type { SlotEntry } from '../../api/slots/slot-view.js';
import { placeOf } from './allocation-object.js';
import type { MultiplayIds } from './ids.js';

const status = z.enum(['ALLOCATED', 'RESERVED', 'AVAILABLE', 'ONLINE', 'READY', 'HELD']);

export const multiplayServer = z
  .object({
    id: z.int(),
    machineID: z.int(),
    machineName: z.string(),
    buildConfigurationID: z.int(),
    buildConfigurationName: z.string(),
    buildName: z.string().describe('the name of its build configuration'),
    fleetID: z.string(),
    fleetName: z.string(),
    locationID: z.int(),
    locationName: z.string(),
    ip: z.string().optional(),
    port: z.int().optional(),
    status: status.describe('`AVAILABLE` has no process, `ONLINE` has one'),
    hardwareType: z.enum(['CLOUD', 'METAL']),
    deleted: z.boolean(),
    holdExpiresAt: z.int().optional().describe('seconds since 1970'),
  })
  .meta({ id: 'MultiplayServer' });
export type MultiplayServer = z.output<typeof multiplayServer>;

/** Undefined for a slot without an offer, which is not a server of Multiplay's. */
export function serverObject(
  { name, ref, state }: SlotEntry,
  now: number,
  ids: MultiplayIds,
): MultiplayServer | undefined {
  const { offer, heldUntil, allocation, process, numbers } = state.context;
  if (offer === null) return undefined;
  const { ipv4, ipv6, gamePort } = placeOf(offer);
  const ip = ipv4 ?? ipv6;
  const { server, machine } = slotIds(name, ref.agent, numbers);
  const running = allocation ?? process ?? offer;
  return {
    id: server,
    machineID: machine,
    machineName: ref.agent,
    buildConfigurationID: ids.buildConfiguration(running.buildConfiguration),
    buildConfigurationName: running.buildConfiguration,
    buildName: running.buildConfiguration,
    fleetID: ids.guid('fleet', offer.fleet),
    fleetName: offer.fleet,
    locationID: Number(numericId(ref.region)),
    locationName: ref.region,
    ...(ip !== undefined && { ip }),
    ...(gamePort !== undefined && { port: gamePort }),
    status: statusIn(state, now),
    hardwareType: 'METAL',
    deleted: false,
    ...(isHeld(state, now) && { holdExpiresAt: Math.ceil((heldUntil ?? 0) / 1_000) }),
  };
}

function statusIn(state: SlotState, now: number): z.output<typeof status> {
  if (statusOf(state) === 'allocated') return 'ALLOCATED';
  if (isHeld(state, now)) return 'HELD';
  return state.context.process === null ? 'AVAILABLE' : 'ONLINE';
}

function isHeld({ context: { heldUntil } }: SlotState, now: number): boolean {
  return heldUntil !== null && heldUntil > now;
}
