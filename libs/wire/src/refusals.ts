import type { RefusalCode } from './messages/refusal.schema.js';
import type { RegistrarRefusalCode } from './messages/registration.schema.js';

/** What a person needs to know about an error; the page of all errors is made from these. */
export interface ErrorGuide {
  /** HTTP status; over NATS, the code of a service error. */
  readonly status: number;
  readonly means: string;
  /** The cause of the error. */
  readonly because: string;
  readonly remedy: string;
}

/**
 * Every refusal of an allocator, in every API. `none-available` is 503 and not 409: it does not say
 * that the request is wrong, waiting helps, and 503 is the status whose Retry-After HTTP clients
 * obey by themselves.
 */
export const REFUSALS: Readonly<Record<RefusalCode, ErrorGuide>> = {
  invalid: {
    status: 400,
    means: 'The request is not valid.',
    because: 'A field is missing, of the wrong kind, too long or unknown; the message names it.',
    remedy: 'Correct the request; the same request is refused again.',
  },
  'none-available': {
    status: 503,
    means: 'There is no free slot for this request.',
    because:
      'Some or all of the slots that fit have a session, or are being cleared after one; `grounds` counts what keeps the others. Or no slot of the fleet is registered yet.',
    remedy:
      'Ask again with the same allocationId, or with `waitMs` to be served as soon as a slot is free. If it keeps happening, add machines.',
  },
  'nothing-fits': {
    status: 404,
    means: 'No slot has what the request asks for.',
    because:
      'Slots of the fleet are known, and none of them meets the conditions that the message names, free or not.',
    remedy:
      'Correct the attributes or the build configuration. A request with `waitMs` waits for such a slot to be registered.',
  },
  'fleet-maximum': {
    status: 503,
    means: 'The fleet has as many sessions as it may have.',
    because: 'Its size has a maximum, which the message names.',
    remedy:
      'Ask again when a session has ended, or with `waitMs`; if it keeps happening, raise the maximum.',
  },
  'agents-lost': {
    status: 503,
    means: 'The machines of the slots that fit are not heard.',
    because: 'Their agents have stopped, or cannot reach NATS.',
    remedy:
      'Ask again with the same allocationId. Look at the machines: `berth agents` lists them.',
  },
  'games-failing': {
    status: 503,
    means: 'The games of the slots that fit do not start.',
    because:
      'So many starts have failed in a row that the slots are withheld for a while; the message says until when.',
    remedy:
      'Look at why the games fail: `berth fleets` lists the slots, `berth logs` what they wrote. Then ask again.',
  },
  'out-of-service': {
    status: 503,
    means: 'The slots that fit are out of service.',
    because: 'They are drained, or in maintenance.',
    remedy: 'Withdraw the drain or end the maintenance, or add machines; then ask again.',
  },
  'unknown-fleet': {
    status: 404,
    means: 'No fleet has this name.',
    because:
      'In that region the log has no slot of it, and it was never given a size. In paths names are `region.fleet`, in requests `fleet`.',
    remedy: 'List the fleets and look for the name; start an agent for it, or give it a size.',
  },
  shed: {
    status: 503,
    means: 'The request was refused without waiting.',
    because: 'The greatest number of requests that may wait at an allocator wait already.',
    remedy: 'Ask again later, with the same allocationId; if it keeps happening, add machines.',
  },
  expired: {
    status: 410,
    means: 'A published request was not served in its time.',
    because: 'Its `waitMs` passed before there was a slot, or before any allocator ran.',
    remedy: 'Publish it again under another allocationId, if the players are still there.',
  },
  cancelled: {
    status: 409,
    means: 'The request was cancelled while it waited.',
    because: 'Its requester cancelled it, or closed the connection.',
    remedy: 'Nothing, if that was intended. Otherwise ask again with the same allocationId.',
  },
  'callback-failed': {
    status: 502,
    means: 'No game server accepted the session.',
    because:
      'Every slot that was tried refused its callback, or did not answer it in time. The history of those slots says which of the two, and why.',
    remedy:
      'Read the events of the slots concerned, and the output of their game servers; then ask again under another allocationId.',
  },
  'timed-out': {
    status: 504,
    means: 'The deadline of the request passed before its outcome was known.',
    because: 'The log, an allocator or a game server was slow, or stopped meanwhile.',
    remedy:
      'Ask again with the same allocationId: if a server was granted after all, the answer contains it.',
  },
  'not-ready': {
    status: 503,
    means: 'The service that was asked cannot serve now.',
    because: 'It has lost touch with the log, is starting, or is stopping.',
    remedy: 'Ask again, with the same allocationId, after a second.',
  },
  ended: {
    status: 410,
    means: 'The session of this allocation is over.',
    because: 'An id stands for one session for ever; the message says when and how it ended.',
    remedy: 'For a new session, ask with a new allocationId.',
  },
  'stale-revision': {
    status: 412,
    means: 'Another request has changed it meanwhile.',
    because: 'The revision in `If-Match` (over NATS: `revision`) is not the current one.',
    remedy: 'Read it again, check what has changed, and send the change with the new revision.',
  },
  'unknown-slot': {
    status: 404,
    means: 'No slot has this name, or the agent of this name has none.',
    because: 'The name is wrong, the slot was retired, or its agent never registered it.',
    remedy: 'List the slots and look for the name: it reads `region.agent.slot`.',
  },
  'unknown-build-configuration': {
    status: 404,
    means: 'There is no build configuration of this name in the region.',
    because: 'The name is wrong, it was removed, or it was set in another region only.',
    remedy: 'Look the name up with `berth build-configurations list`, or set it first.',
  },
  'unknown-build': {
    status: 404,
    means: 'There is no such build, or no such version of it, in the region.',
    because: 'The name or number is wrong, it was removed, or it was pushed to another region.',
    remedy: 'Look it up with `berth builds list`, or push it first with `berth builds push`.',
  },
  'in-use': {
    status: 409,
    means: 'It cannot be removed, because it is in use.',
    because: 'The message names the build configuration, the fleet or the slot that uses it.',
    remedy: 'Change that first; a slot with a session uses it until the session is over.',
  },
  'unknown-allocation': {
    status: 404,
    means: 'No allocation has this id.',
    because: 'It never existed, belongs to another region, or ended too long ago.',
    remedy: 'Check the id and the region.',
  },
};

/** Refusals for want of slots: they may end as soon as a slot that fits is free. */
export const SHORTAGES = [
  'none-available',
  'nothing-fits',
  'fleet-maximum',
  'agents-lost',
  'games-failing',
  'out-of-service',
] as const satisfies readonly RefusalCode[];

export function isShortage(code: string): boolean {
  return SHORTAGES.some((one) => one === code);
}

/** The further refusals of registrars. */
export const REGISTRAR_REFUSALS: Readonly<
  Record<Exclude<RegistrarRefusalCode, RefusalCode>, ErrorGuide>
> = {
  'unknown-server': {
    status: 404,
    means: 'No server is registered under the address.',
    because: 'It was allocated, its lease ran out, or it never registered.',
    remedy:
      'Nothing, if the callback has come or will come: the server has a session. Otherwise register again.',
  },
  'callback-forbidden': {
    status: 403,
    means: 'The callback of the registration has an address that Berth must not call.',
    because:
      'The address is in no allowed network, or is forbidden for callbacks; the message says which.',
    remedy:
      'Register a callback on the address of the game server. The operator lists the networks of game servers in `BERTH_CALLBACK_NETWORKS` of the registrar; without that setting there are none.',
  },
  'not-proven': {
    status: 403,
    means: 'Another server is registered under the address.',
    because:
      'Only that server may be replaced or removed by it: the request neither has its callback token nor, where that is enough, comes from the same network address (`BERTH_REPLACEMENT` of the registrar).',
    remedy:
      'Send the callback token of the registered server as `X-Callback-Token`, wait until its lease runs out, or use an access token with `operate`.',
  },
  'too-many-servers': {
    status: 503,
    means: 'No more servers can be registered.',
    because: 'The region has as many as `BERTH_SERVERS_MAX` of its registrar allows.',
    remedy: 'Try again later; if it keeps happening, raise the number.',
  },
};

const STATUSES: Readonly<Record<string, ErrorGuide>> = { ...REFUSALS, ...REGISTRAR_REFUSALS };

/** The HTTP status of a refusal code; 500 for an unknown code. */
export function refusalStatus(code: string): number {
  return STATUSES[code]?.status ?? 500;
}
