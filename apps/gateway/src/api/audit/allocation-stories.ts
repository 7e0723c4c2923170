import { AllocationHistory, Choices } from '#audit';
import type { AllocationStory, Choice } from '#http-api';
import type { Clock } from '#kernel';
import { slotsSubject, type RefusalRecord } from '#wire';
import { historyOf } from '../events/history.js';
import type { Requests } from '../requests/requests.js';
import type { Regions } from '../slots/regions.js';
import type { SlotView } from '../slots/slot-view.js';
import type { IndexedStories } from './indexed-stories.js';
import type { Scans } from './scans.js';

const HOUR_MS = 3_600_000;
/** How much earlier than its last slot a request may have been asked for, as a rule (ms). */
const EARLIER_MS = 600_000;

interface AllocationStoriesDeps {
  readonly clock: Clock;
  readonly regions: Regions;
  readonly view: SlotView;
  readonly requests: Requests;
  readonly scans: Scans;
  readonly index: IndexedStories;
}

/** Finds all events of one request, of whatever slots, and makes its story of them. */
export class AllocationStories {
  constructor(private readonly deps: AllocationStoriesDeps) {}

  /** Undefined if the id is not known in any of the regions. */
  async find(
    regions: readonly string[],
    id: string,
    gone: AbortSignal,
  ): Promise<AllocationStory | undefined> {
    const found = await Promise.all(regions.map((region) => this.findIn(region, id, gone)));
    const stories = found.filter((story) => story !== undefined);
    return stories.sort((one, other) => other.askedAt - one.askedAt)[0];
  }

  /** Why each slot of the request was chosen: replays the whole history up to there. */
  async why({ region, attempts }: AllocationStory, gone: AbortSignal): Promise<readonly Choice[]> {
    const asked = new Set(attempts.map(({ sequence }) => sequence));
    const found: Choice[] = [];
    const choices = new Choices(
      (_, sequence) => asked.delete(sequence),
      (choice) => found.push(choice),
    );
    await this.deps.scans.run(async () => {
      const histories = this.deps.regions.historiesOf(region);
      for await (const item of historyOf(histories, slotsSubject(region), { sequence: 1 })) {
        choices.take(item);
        if (gone.aborted || (asked.size === 0 && choices.pending === 0)) break;
      }
    });
    choices.finish();
    return found.sort((one, other) => one.sequence - other.sequence);
  }

  private async findIn(
    region: string,
    id: string,
    gone: AbortSignal,
  ): Promise<AllocationStory | undefined> {
    const [refusal, indexed] = await Promise.all([
      this.deps.requests.refusal(region, id),
      this.deps.index.find(region, id, gone),
    ]);
    if (indexed.kind === 'found') {
      const { history, lagEvents } = indexed;
      const story = history.story(refusal);
      return story && { ...story, source: { kind: 'index', lagEvents } };
    }
    let history = new AllocationHistory(id, region);
    for (const at of this.beginnings(id, refusal)) {
      history = await this.deps.scans.run(() => this.read(region, id, at, gone));
      if (history.isWhole || gone.aborted) break;
    }
    const story = history.story(refusal);
    const { because } = indexed;
    return story && { ...story, source: { kind: 'history', lagEvents: null, because } };
  }

  private async read(region: string, id: string, at: number, gone: AbortSignal) {
    const history = new AllocationHistory(id, region);
    const text = JSON.stringify(id);
    const histories = this.deps.regions.historiesOf(region);
    const from = at > 0 ? { at } : { sequence: 1 };
    for await (const item of historyOf(histories, slotsSubject(region), from, text)) {
      if (gone.aborted) break;
      history.take(item);
    }
    return history;
  }

  /**
   * From which instants on the log is read, until the first attempt is found: most questions are
   * about what has just happened, and reading everything takes up to a minute for each million events.
   */
  private beginnings(id: string, refusal: RefusalRecord | undefined): readonly number[] {
    const entry = this.deps.view.holderOf(id) ?? this.deps.view.lastHolderOf(id);
    const { allocation, lastEnd } = entry?.state.context ?? {};
    const known = [
      allocation?.id === id ? allocation.requestedAt : lastEnd?.at,
      refusal?.askedAt,
      this.deps.clock.now() - HOUR_MS,
    ].filter((instant) => instant !== undefined);
    const recent = Math.max(1, Math.min(...known) - EARLIER_MS);
    // What was refused was not served before: its whole story is later.
    return refusal !== undefined && entry === undefined ? [recent] : [recent, 0];
  }
}
