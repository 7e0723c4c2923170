import { JsonText } from '#json';
import { LogRefused, Unparsable, type Bus, type BusMessage } from '#kernel';
import { ask, tell } from '#rpc';
import { statusOf } from '#slot';
import {
  endpoints,
  liveSubject,
  sentRequest,
  slotRecordCodec,
  slotName,
  slotOfSubject,
  slotsSubject,
  storedSubject,
  type DeallocationRequest,
  type OperationRequest,
  type PublishedRequest,
  type Refused,
  type SizeRequest,
} from '#wire';
import { Inflow } from './inflow.js';
import type { Publications } from './publications.js';
import type { BerthEvent, NamedRequest, Transport } from './transport.js';

/** Reaches Berth over NATS. */
export class BusTransport implements Transport {
  /** The allocator that took the first try keeps the request's place after the try is given up. */
  readonly losesPlace = false;

  constructor(
    private readonly bus: Bus,
    /** Undefined for a client that publishes nothing. */
    private readonly publications?: Publications,
    /** The project that the login is of; undefined: it is of all projects. */
    private readonly project?: string,
  ) {}

  allocate(request: NamedRequest, patienceMs: number) {
    const { region } = request;
    const { project } = this;
    const sent = sentRequest(request);
    if (project === undefined) {
      return ask(this.bus, endpoints.allocate, { region }, sent, patienceMs);
    }
    return ask(this.bus, endpoints.allocateInProject, { region, project }, sent, patienceMs);
  }

  cancel(region: string, allocationId: string): void {
    const { project } = this;
    if (project === undefined) tell(this.bus, endpoints.cancel, { region }, { allocationId });
    else tell(this.bus, endpoints.cancelInProject, { region, project }, { allocationId });
  }

  deallocate(request: DeallocationRequest, patienceMs: number) {
    const { region } = request;
    const { project } = this;
    if (project === undefined) {
      return ask(this.bus, endpoints.deallocate, { region }, request, patienceMs);
    }
    return ask(this.bus, endpoints.deallocateInProject, { region, project }, request, patienceMs);
  }

  direct(request: OperationRequest, patienceMs: number) {
    return ask(this.bus, endpoints.operate, { region: request.region }, request, patienceMs);
  }

  size(request: SizeRequest, patienceMs: number) {
    return ask(this.bus, endpoints.size, { region: request.region }, request, patienceMs);
  }

  /** Every call to the streams has its own time limit. */
  async publish(region: string, request: PublishedRequest): Promise<Refused | undefined> {
    try {
      await needed(this.publications).publish(region, request);
      return undefined;
    } catch (error) {
      if (!(error instanceof LogRefused)) throw error;
      const message = `the queue of region ${region} does not accept it: ${error.message}`;
      return refused('shed', message, request.allocationId);
    }
  }

  async result(region: string, allocationId: string) {
    const outcome = await needed(this.publications).outcome(region, allocationId);
    if (outcome === 'pending') return undefined;
    if (outcome !== 'unknown') return outcome;
    const message = `nothing was published under ${allocationId} within the last day`;
    return refused('unknown-allocation', message, allocationId);
  }

  /** Closes nothing: whoever opened the bus closes it. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Events come from core NATS, where the log repeats them: events during a lost connection are
   * missed.
   */
  watch(region: string, signal: AbortSignal): AsyncIterable<BerthEvent> {
    const inflow = new Inflow<BerthEvent>(signal);
    const receive = (message: BusMessage) => {
      const event = eventIn(message);
      if (event !== undefined) inflow.add(event);
    };
    const subscription = this.bus.subscribe(liveSubject(slotsSubject(region)), receive, {
      refused: (refusal) => inflow.end(refusal),
    });
    inflow.onEnd(() => subscription.close());
    return inflow;
  }
}

function needed<T>(part: T | undefined): T {
  if (part === undefined) throw new TypeError('this client was made without a queue and a store');
  return part;
}

function refused(code: Refused['code'], message: string, allocationId: string): Refused {
  return { status: 'refused', code, message, allocationId };
}

/** Undefined if the event cannot be read: allocators report such an event and set it aside. */
function eventIn({ subject, body }: BusMessage): BerthEvent | undefined {
  const stored = storedSubject(subject);
  try {
    const { event, state } = slotRecordCodec.decode(stored, body);
    const { type, at, ...data } = event;
    const slot = slotName(slotOfSubject(stored));
    return { slot, type, at, state: statusOf(state), data: withoutToken(data) };
  } catch (error) {
    if (error instanceof Unparsable) return undefined;
    throw error;
  }
}

function withoutToken(data: object): Readonly<Record<string, unknown>> {
  const shown = Object.entries(data).filter(([name]) => name !== 'token');
  return Object.fromEntries(
    shown.map(([name, value]) => [name, value instanceof JsonText ? value.value() : value]),
  );
}
