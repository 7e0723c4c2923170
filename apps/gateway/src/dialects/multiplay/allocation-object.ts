import { slotIds } from '#multiplay';
import { idFor } from '../../auth/caller.js';
import { phaseOf } from '../../api/slots/slot-json.js';
import type { Allocation, Offer, SlotState } from '#slot';
import type { AskedRecord } from '#wire';
import { isIPv4, isIPv6 } from 'node:net';
import type { SlotEntry } from '../../api/slots/slot-view.js';
import type { MultiplayAllocation } from './allocation.schema.js';
import type { MultiplayIds } from './ids.js';

/** An instant in Multiplay's format (RFC 3339). */
function instantOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A request from Multiplay names fleet and build configuration; others may leave them out. */
export interface AskedHere extends AskedRecord {
  readonly fleet: string;
  readonly buildConfiguration: string;
}

/** An allocation that waits for a server, or was refused one. */
export function askedObject(
  asked: AskedHere,
  region: string,
  ids: MultiplayIds,
): MultiplayAllocation {
  return {
    allocationId: idFor(asked.allocationId),
    fleetId: ids.guid('fleet', asked.fleet),
    regionId: ids.guid('region', region),
    buildConfigurationId: ids.buildConfiguration(asked.buildConfiguration),
    requested: instantOf(asked.askedAt),
  };
}

/**
 * An allocation that has a slot. If the game need not say that it is ready, the server counts as
 * fulfilled only once it has answered the callback, because until then the claim may move to
 * another slot.
 *
 * @param askedAt when it was asked for (epoch ms); undefined if that was not through Multiplay's
 * API
 */
export function claimedObject(
  { name, ref, state }: SlotEntry,
  allocation: Allocation,
  askedAt: number | undefined,
  ids: MultiplayIds,
): MultiplayAllocation {
  const { offer, numbers } = state.context;
  const { server, machine } = slotIds(name, ref.agent, numbers);
  const fulfilledAt = fulfilment(state, allocation);
  const isReady = allocation.readiness && allocation.acknowledgedAt !== null;
  return {
    allocationId: idFor(allocation.id),
    fleetId: ids.guid('fleet', offer?.fleet ?? ''),
    regionId: ids.guid('region', ref.region),
    buildConfigurationId: ids.buildConfiguration(allocation.buildConfiguration),
    serverId: server,
    machineId: machine,
    requested: instantOf(askedAt ?? allocation.requestedAt),
    created: instantOf(allocation.requestedAt),
    ...(fulfilledAt !== null &&
      offer !== null && { fulfilled: instantOf(fulfilledAt), ...placeOf(offer) }),
    ...(isReady && { ready: instantOf(allocation.acknowledgedAt ?? 0) }),
    readiness: allocation.readiness,
  };
}

function fulfilment(state: SlotState, allocation: Allocation): number | null {
  const { acknowledgedAt, requestedAt, readiness, fresh, buildConfiguration } = allocation;
  if (phaseOf(state) !== 'awaiting') return acknowledgedAt;
  const { process } = state.context;
  if (!readiness || process?.buildConfiguration !== buildConfiguration) return null;
  const { startedAt } = process;
  return fresh && startedAt < requestedAt ? null : Math.max(requestedAt, startedAt);
}

/** The address that players connect to. */
export function placeOf(offer: Offer): Pick<MultiplayAllocation, 'ipv4' | 'ipv6' | 'gamePort'> {
  const { ip, addresses = {} } = offer;
  const ipv4 = isIPv4(ip) ? ip : addresses['ipv4'];
  const ipv6 = isIPv6(ip) ? ip : addresses['ipv6'];
  const gamePort = gamePortOf(offer);
  return {
    ...(ipv4 !== undefined && { ipv4 }),
    ...(ipv6 !== undefined && { ipv6 }),
    ...(gamePort !== undefined && { gamePort }),
  };
}

/** Servers that register themselves may name their ports as they like. */
function gamePortOf({ ports, address }: Offer): number | undefined {
  if (ports['game'] !== undefined) return ports['game'];
  const [, port] = /:(\d{1,5})$/.exec(address) ?? [];
  return port === undefined ? Object.values(ports)[0] : Number(port);
}
