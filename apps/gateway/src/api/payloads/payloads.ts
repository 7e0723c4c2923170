import { decrypted } from '#client';
import type { AllocationStory } from '#http-api';
import { JsonText } from '#json';
import { TransientError, type Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints, type Decrypted } from '#wire';
import { answered } from '../../answered.js';
import { signed } from '../../auth/caller.js';
import { loggedPayloadFor, mayReadPayloads, payloadFor } from '../../auth/redaction.js';
import { Problem, refusalProblem } from '../../http/problems.js';
import type { SlotEntry } from '../slots/slot-view.js';

/** What is shown of a payload whose key was destroyed. */
const FORGOTTEN = JsonText.of('[forgotten]');

/** Has allocators decrypt what the log has, for callers who may read it, and destroy its key. */
export class Payloads {
  constructor(private readonly bus: Bus) {}

  /** A slot with its session's payload and answer decrypted, if the caller may read them. */
  async readable(entry: SlotEntry): Promise<SlotEntry> {
    const { state, name } = entry;
    const { allocation } = state.context;
    if (allocation?.payloadKey === undefined || !mayReadPayloads(allocation.id)) return entry;
    const { payloadKey, payload, answer, ...rest } = allocation;
    const found = await decrypted(this.bus, name, payloadKey, [payload, answer]);
    const [request = payload, told = answer] = found.map(shown);
    const readable = { ...rest, payload: request, answer: told };
    return { ...entry, state: { ...state, context: { ...state.context, allocation: readable } } };
  }

  /**
   * A story with its payloads, as far as the caller may read them, or who had them forgotten. While
   * no allocator decrypts them the rest is told nevertheless.
   */
  async inStory(story: AllocationStory): Promise<AllocationStory> {
    const { allocationId: id, attempts } = story;
    const { slot = '', payloadKey } = attempts.at(-1) ?? {};
    const logged = [story.requestPayload, story.payload].map((one) => one ?? JsonText.null);
    const found =
      payloadKey === undefined ? undefined : await this.decryptedNow(slot, payloadKey, logged);
    const gone = found?.find((one) => 'forgotten' in one);
    const [requestPayload, payload] = found
      ? found.map((one) => payloadFor(shown(one), id))
      : logged.map((one) => loggedPayloadFor(one, payloadKey, id));
    return {
      ...story,
      requestPayload: requestPayload as JsonText,
      payload: payload as JsonText,
      ...(gone !== undefined && { forgotten: gone.forgotten }),
    };
  }

  /** Destroys all keys of a request. Throws a `Problem` if it has none, or no allocator does it. */
  async forget({ allocationId, region, attempts }: AllocationStory, reason: string) {
    const payloadKeys = [...new Set(attempts.flatMap(({ payloadKey }) => payloadKey ?? []))];
    if (payloadKeys.length === 0) {
      const detail = 'its payload is not encrypted in the log, so it cannot be forgotten alone';
      throw new Problem(409, 'not-encrypted', detail, { allocationId });
    }
    const request = { allocationId, payloadKeys, reason, by: signed() };
    const asked = ask(this.bus, endpoints.forget, { region }, request);
    const answer = await answered(asked, region, allocationId);
    if (answer.status === 'refused') throw refusalProblem({ ...answer, allocationId });
    return { allocationId, region };
  }

  /** Undefined if no allocator decrypts now. */
  private async decryptedNow(slot: string, payloadKey: number, logged: readonly JsonText[]) {
    try {
      return await decrypted(this.bus, slot, payloadKey, logged);
    } catch (error) {
      if (error instanceof TransientError) return undefined;
      throw error;
    }
  }
}

function shown(found: Decrypted): JsonText {
  return 'payload' in found ? found.payload : FORGOTTEN;
}
