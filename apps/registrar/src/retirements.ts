import { errorMessage, type Bus, type Clock } from '#kernel';
import { ask } from '#rpc';
import type { Logger } from '#service-runtime';
import type { SlotRef } from '#slot';
import { endpoints, type OperationRequest } from '#wire';

/** How many slots are asked for at the same time. */
const ASKED_MAX = 16;

const REASON_LENGTH_MAX = 1_024;

/**
 * Pauses (ms) after refusals. The first one is short: the log may show the end of a session a
 * moment before its own allocator knows that the event was stored. After the last one the request
 * is given up until `ask` is called again.
 */
const PAUSES_MS = [20, 200, 1_000] as const;

type Retirement = OperationRequest & { readonly slot: string };

/**
 * Asks allocators to retire slots: a few at a time, each until it is retired or was refused three
 * times.
 */
export class Retirements {
  /** Slots that are asked for, or wait for that. */
  private readonly wanted = new Set<string>();
  private readonly waiting: Retirement[] = [];
  private underWay = 0;
  private closed = false;

  constructor(
    private readonly agent: Omit<SlotRef, 'slot'>,
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * Asks in the name of `by`, who ended the registration; the registrar itself if it was nobody.
   * Does nothing if the slot is being asked for already. Allocators refuse a slot that was claimed
   * meanwhile.
   */
  ask(slot: string, reason: string, by = `${this.agent.region}.${this.agent.agent}`): void {
    if (this.closed || this.wanted.has(slot)) return;
    this.wanted.add(slot);
    const { region, agent } = this.agent;
    this.waiting.push({
      ...{ region, agent, slot, direction: 'retire', by, force: false },
      reason: reason.slice(0, REASON_LENGTH_MAX),
    });
    this.next();
  }

  close(): void {
    this.closed = true;
    this.waiting.length = 0;
  }

  private next(): void {
    while (this.underWay < ASKED_MAX && !this.closed) {
      const request = this.waiting.shift();
      if (request === undefined) return;
      this.underWay += 1;
      void this.retire(request).finally(() => {
        this.underWay -= 1;
        this.wanted.delete(request.slot);
        this.next();
      });
    }
  }

  private async retire(request: Retirement): Promise<void> {
    const { slot } = request;
    for (const pauseMs of PAUSES_MS) {
      const hindrance = await this.hindranceTo(request);
      if (hindrance === null || this.closed) return;
      this.logger.debug({ slot, hindrance }, 'not retired yet');
      await this.clock.sleep(pauseMs);
    }
  }

  /** Asks once. Returns why the slot is not retired; null if it is. */
  private async hindranceTo(request: OperationRequest): Promise<string | null> {
    const { region } = this.agent;
    try {
      const answer = await ask(this.bus, endpoints.operate, { region }, request);
      if (answer.status === 'refused') return answer.message;
      const [directed] = answer.slots;
      return directed?.outcome === 'done' ? null : (directed?.message ?? 'no answer for the slot');
    } catch (error) {
      return errorMessage(error);
    }
  }
}
