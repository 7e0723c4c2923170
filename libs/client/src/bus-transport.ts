import { Unparsable, type Bus, type BusMessage } from '#kernel';
import { statusOf } from '#slot';
import {
  liveSubject,
  slotFactCodec,
  slotName,
  slotOfSubject,
  slotsSubject,
  type DeallocationRequest,
  type DirectionRequest,
  type SizeRequest,
} from '#wire';
import {
  askForAllocation,
  askForDeallocation,
  askForDirection,
  askForSize,
  cancelWaiting,
} from './asking.js';
import { Inflow } from './inflow.js';
import type { BerthEvent, NamedRequest, Transport } from './transport.js';

/** Berth over NATS. */
export class BusTransport implements Transport {
  constructor(
    private readonly bus: Bus,
    readonly close: () => Promise<void> = () => Promise.resolve(),
  ) {}

  allocate(request: NamedRequest, patienceMs: number) {
    return askForAllocation(this.bus, request, patienceMs);
  }

  cancel(region: string, allocationId: string): void {
    cancelWaiting(this.bus, region, { allocationId });
  }

  deallocate(request: DeallocationRequest, patienceMs: number) {
    return askForDeallocation(this.bus, request, patienceMs);
  }

  direct(request: DirectionRequest, patienceMs: number) {
    return askForDirection(this.bus, request, patienceMs);
  }

  size(request: SizeRequest, patienceMs: number) {
    return askForSize(this.bus, request, patienceMs);
  }

  /** As the log repeats its events on core NATS: what comes while the connection is away, is missed. */
  watch(region: string, signal: AbortSignal): AsyncIterable<BerthEvent> {
    const inflow = new Inflow<BerthEvent>(signal);
    const subscription = this.bus.subscribe(liveSubject(slotsSubject(region)), (message) => {
      const event = eventIn(message);
      if (event !== undefined) inflow.add(event);
    });
    inflow.onEnd(() => subscription.close());
    return inflow;
  }
}

/** Undefined for what cannot be read: allocators say so, and set it aside. */
function eventIn({ subject, body }: BusMessage): BerthEvent | undefined {
  const stored = subject.slice(liveSubject('').length);
  try {
    const { event, state } = slotFactCodec.decode(stored, body);
    const { type, at, ...data } = event;
    const slot = slotName(slotOfSubject(stored));
    return { slot, type, at, state: statusOf(state), data: withoutToken(data) };
  } catch (error) {
    if (error instanceof Unparsable) return undefined;
    throw error;
  }
}

function withoutToken(data: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'token'));
}
