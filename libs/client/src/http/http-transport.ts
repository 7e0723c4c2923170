import {
  directedAgentAnswer,
  directedSlotAnswer,
  eventAnswer,
  fleetAnswer,
  grantAnswer,
  publishedAnswer,
  releaseAnswer,
  requestAnswer,
} from '#http-api';
import { readEvents } from '#event-stream';
import { TransientError, type Clock } from '#kernel';
import {
  agentName,
  fleetName,
  refusalCode,
  refusalGrounds,
  slotName,
  type DeallocationRequest,
  type AllocationResult,
  type OperationRequest,
  type PublishedRequest,
  type Refused,
  type SizeRequest,
} from '#wire';
import type { z } from 'zod';
import { abortable } from '../abort.js';
import type { BerthEvent, NamedRequest, Transport } from '../transport.js';
import { Gateway, isNetworkFailure, type GatewayProblem } from './gateway.js';

/** Pause (ms) before a lost stream of events is opened again. */
const RESUME_PAUSE_MS = 1_000;

/**
 * Reaches Berth over HTTP, at a gateway. An aborted call closes its connection; the gateway then
 * gives the request up.
 */
export class HttpTransport implements Transport {
  /** If a try is given up, its connection closes, and the gateway gives up the request's place. */
  readonly losesPlace = true;
  private readonly gateway: Gateway;
  private readonly closing = new AbortController();

  constructor(
    url: string,
    token: string | undefined,
    private readonly clock: Clock,
  ) {
    this.gateway = new Gateway(url, token);
  }

  async allocate(request: NamedRequest, patienceMs: number, signal?: AbortSignal) {
    const path = '/v1/allocations';
    const asked = { method: 'POST', path, body: request, patienceMs, signal };
    const found = await this.gateway.ask(asked, grantAnswer);
    return 'answer' in found
      ? { ...found.answer, status: 'allocated' as const }
      : refusal(found.problem);
  }

  cancel(): void {
    // The closed connection has the same effect.
  }

  async deallocate({ allocationId, region, reason }: DeallocationRequest, patienceMs: number) {
    const query = new URLSearchParams({ region, reason }).toString();
    const path = `/v1/allocations/${encodeURIComponent(allocationId)}?${query}`;
    const found = await this.gateway.ask({ method: 'DELETE', path, patienceMs }, releaseAnswer);
    return 'answer' in found
      ? { ...found.answer, status: 'deallocated' as const }
      : refusal(found.problem);
  }

  async direct({ region, agent, slot, ...body }: OperationRequest, patienceMs: number) {
    const status = 'directed' as const;
    if (slot === undefined) {
      const path = `/v1/agents/${agentName({ region, agent })}/directions`;
      const found = await this.gateway.ask(
        { method: 'POST', path, body, patienceMs },
        directedAgentAnswer,
      );
      return 'answer' in found ? { status, slots: found.answer.slots } : refusal(found.problem);
    }
    const name = slotName({ region, agent, slot });
    const path = `/v1/slots/${name}/directions`;
    const found = await this.gateway.ask(
      { method: 'POST', path, body, patienceMs },
      directedSlotAnswer,
    );
    if ('answer' in found) return { status, slots: [found.answer] };
    const { code, detail: message } = found.problem;
    if (refusalCode.safeParse(code).success) return refusal(found.problem);
    return { status, slots: [{ slot: name, outcome: 'refused' as const, code, message }] };
  }

  async size({ region, fleet, size, revision, ...why }: SizeRequest, patienceMs: number) {
    const place = `/v1/fleets/${fleetName({ region, fleet })}`;
    const headers = { ...(revision !== undefined && { 'if-match': `"${revision}"` }) };
    const asked =
      size === null
        ? { method: 'DELETE', path: `${place}?${new URLSearchParams(why).toString()}` }
        : { method: 'PUT', path: place, body: { ...size, ...why } };
    const found = await this.gateway.ask({ ...asked, headers, patienceMs }, fleetAnswer);
    return 'answer' in found
      ? { status: 'sized' as const, fleet: found.answer }
      : refusal(found.problem);
  }

  async publish(region: string, request: PublishedRequest, patienceMs: number) {
    const body = { ...request, region };
    const asked = { method: 'POST', path: '/v1/requests', body, patienceMs };
    const found = await this.gateway.ask(asked, publishedAnswer);
    return 'answer' in found ? undefined : refusal(found.problem);
  }

  async result(region: string, id: string, patienceMs: number) {
    const query = new URLSearchParams({ region }).toString();
    const path = `/v1/requests/${encodeURIComponent(id)}?${query}`;
    const found = await this.gateway.ask({ method: 'GET', path, patienceMs }, requestAnswer);
    return 'answer' in found ? resultIn(found.answer) : refusal(found.problem);
  }

  /** Continues after the last event if the connection was lost. */
  async *watch(region: string, signal: AbortSignal): AsyncGenerator<BerthEvent> {
    const over = AbortSignal.any([signal, this.closing.signal]);
    let lastEventId: string | undefined;
    while (!over.aborted) {
      try {
        const stream = this.gateway.stream('/v1/events', lastEventId, over);
        for await (const { id, data } of readEvents(stream)) {
          lastEventId = id ?? lastEventId;
          const event = eventIn(data);
          if (event?.slot.startsWith(`${region}.`)) yield event;
        }
      } catch (error) {
        if (over.aborted) return;
        if (!(error instanceof TransientError) && !isNetworkFailure(error)) throw error;
      }
      await abortable(this.clock.sleep(RESUME_PAUSE_MS), over).catch(() => undefined);
    }
  }

  close(): Promise<void> {
    this.closing.abort();
    return Promise.resolve();
  }
}

function resultIn(answer: z.output<typeof requestAnswer>): AllocationResult | undefined {
  switch (answer.status) {
    case 'pending':
      return undefined;
    case 'allocated': {
      const { status, allocation, region: _, ...rest } = answer;
      return { ...rest, answer: { status, ...allocation } };
    }
    case 'refused': {
      const { status, code, message, region: _, ...rest } = answer;
      return { ...rest, answer: { status, code, message, allocationId: rest.allocationId } };
    }
    default:
      return answer satisfies never;
  }
}

/** Codes that only a gateway has become `not-ready` if they may pass, otherwise `invalid`. */
function refusal({ code, detail, allocationId, grounds }: GatewayProblem): Refused {
  const known = refusalCode.safeParse(code);
  return {
    status: 'refused',
    code: known.success ? known.data : PASSING.has(code) ? 'not-ready' : 'invalid',
    message: detail,
    ...(typeof allocationId === 'string' && { allocationId }),
    grounds: refusalGrounds.safeParse(grounds).data,
  };
}

const PASSING = new Set(['too-many-requests', 'too-slow']);

/** Undefined for an event that the gateway reports as unreadable. */
function eventIn(data: string): BerthEvent | undefined {
  const read = eventAnswer.safeParse(JSON.parse(data));
  if (!read.success || !('state' in read.data)) return undefined;
  const { slot, type, at, state, data: details } = read.data;
  return { slot, type, at, state, data: details };
}
