import { matches } from '#wire';
import {
  Bus,
  DeadlinePassed,
  NobodyListens,
  type BusMessage,
  type Clock,
  type Subscription,
} from '#kernel';
import { carriedContext } from '#tracing';

interface Listener {
  readonly subject: string;
  readonly queue: string | undefined;
  readonly receive: (message: BusMessage) => void;
}

/**
 * The bus within one process. Each message arrives in its own microtask. Members of a queue take
 * turns. An error thrown by a listener is thrown uncaught.
 */
export class MemoryBus extends Bus {
  private readonly clock: Clock;
  private readonly listeners = new Set<Listener>();
  private readonly turns = new Map<string, number>();

  constructor(clock: Clock) {
    super();
    this.clock = clock;
  }

  publish(subject: string, body: Uint8Array): void {
    this.deliver(subject, body, () => undefined);
  }

  request(
    subject: string,
    body: Uint8Array,
    timeoutMs: number,
    dataversion?: number,
  ): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(timeoutMs, () =>
        reject(new DeadlinePassed(`no answer from ${subject} in ${timeoutMs} ms`)),
      );
      const respond = (answer: Uint8Array) => {
        cancel();
        resolve(answer);
      };
      const receivers = this.deliver(subject, body, respond, dataversion);
      if (receivers > 0) return;
      cancel();
      reject(new NobodyListens(`nobody listens on ${subject}`));
    });
  }

  subscribe(
    subject: string,
    receive: (message: BusMessage) => void,
    { queue }: { readonly queue?: string } = {},
  ): Subscription {
    const listener: Listener = { subject, queue, receive };
    this.listeners.add(listener);
    return { close: () => void this.listeners.delete(listener) };
  }

  /**
   * Passes a message to its listeners; a simulator overrides this to lose, delay or repeat
   * messages.
   *
   * @returns the number of receivers.
   */
  protected deliver(
    subject: string,
    body: Uint8Array,
    respond: (answer: Uint8Array) => void,
    dataversion?: number,
  ): number {
    const receivers = this.receivers(subject);
    const carried = carriedContext();
    const message = {
      ...{ subject, body, respond },
      ...(carried !== undefined && { carried }),
      ...(dataversion !== undefined && { dataversion }),
    };
    for (const listener of receivers) {
      queueMicrotask(() => {
        if (this.listeners.has(listener)) listener.receive(message);
      });
    }
    return receivers.length;
  }

  private receivers(subject: string): readonly Listener[] {
    const receivers: Listener[] = [];
    const queues = new Map<string, Listener[]>();
    for (const listener of this.listeners) {
      if (!matches(listener.subject, subject)) continue;
      if (listener.queue === undefined) receivers.push(listener);
      else queues.set(listener.queue, [...(queues.get(listener.queue) ?? []), listener]);
    }
    for (const [queue, members] of queues) {
      const turn = this.turns.get(queue) ?? 0;
      this.turns.set(queue, turn + 1);
      receivers.push(members[turn % members.length] as Listener);
    }
    return receivers;
  }
}
