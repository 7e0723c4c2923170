import { errorMessage, TransientError } from '#kernel';
import { BerthClient, Refused } from '#client';
import { isVerdict, writeEntry, type Answer, type Entry } from './diary.js';
import type { Errand } from './habits.js';
import { FLEETS, REGION } from './play.js';

/** How long a patient matchmaker waits (ms); longer than any outage of the storm. */
const PATIENCE_MS = 20_000;

/** Asks through the client that matchmakers import, and writes down every answer. */
export class Asker {
  private readonly waiting = new Set<string>();
  private asked = 0;

  /** Two clients, so that one id can be requested twice at the same time. */
  static async connect(options: { readonly servers: string; readonly diary: string }) {
    const clients = await Promise.all([0, 1].map(() => BerthClient.connect(options)));
    return new Asker(clients, options.diary);
  }

  private constructor(
    private readonly clients: readonly BerthClient[],
    private readonly diary: string,
  ) {}

  get questions(): number {
    return this.asked;
  }

  /** The ids whose verdict is not known. */
  get open(): readonly string[] {
    return [...this.waiting];
  }

  /** Whether to ask (again). */
  isOpen(id: string, tries: number): boolean {
    return tries === 0 || this.waiting.has(id);
  }

  /**
   * @param timeoutMs with a shorter time than the default, the request does not wait for a slot
   * either
   */
  allocate(
    id: string,
    { fleet, payload, waitMs }: Pick<Errand, 'fleet' | 'payload' | 'waitMs'>,
    timeoutMs = PATIENCE_MS,
    door = 0,
  ): Promise<void> {
    const request = {
      allocationId: id,
      region: REGION,
      fleet: FLEETS[fleet],
      payload: { ...payload },
      waitMs: timeoutMs < PATIENCE_MS ? 0 : waitMs,
      timeoutMs,
    };
    return this.note(id, 'allocate', async () => {
      const { slot, token } = (await this.clients[door]?.allocate(request)) ?? NOBODY;
      return { outcome: 'allocated', slot, token };
    });
  }

  deallocate(id: string): Promise<void> {
    const request = { allocationId: id, region: REGION, by: 'storm', timeoutMs: PATIENCE_MS };
    return this.note(id, 'deallocate', async () => {
      const { slot } = (await this.clients[0]?.deallocate(request)) ?? NOBODY;
      return { outcome: 'deallocated', slot };
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private async note(id: string, ask: Entry['ask'], question: () => Promise<Answer>) {
    this.asked += 1;
    this.waiting.add(id);
    const askedAt = Date.now();
    const answer = await question().catch(answerOf);
    writeEntry(this.diary, { id, ask, askedAt, answeredAt: Date.now(), answer });
    if (isVerdict(answer)) this.waiting.delete(id);
  }
}

const NOBODY = { slot: '', token: '' };

function answerOf(error: unknown): Answer {
  if (error instanceof Refused) return { outcome: 'refused', code: error.code };
  if (error instanceof TransientError) return { outcome: 'uncertain', reason: errorMessage(error) };
  throw error;
}
