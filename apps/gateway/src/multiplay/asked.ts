import { askedRecord, askedSubject, decodeJson, encodeJson, type AskedRecord } from '#wire';
import { requireRegion } from '../access/caller.js';
import { notReady } from '../problems.js';
import type { RequestParts } from '../requests/requests.js';

/** What was asked for under which id: who polls is told pending from unknown. Throws `Trouble`. */
export class AskedStore {
  constructor(private readonly parts: RequestParts) {}

  async find(region: string, allocationId: string): Promise<AskedRecord | undefined> {
    requireRegion(region);
    const body = await this.outcomes(region).last(askedSubject(region, allocationId));
    return body && decodeJson(askedRecord, body);
  }

  async record(region: string, asked: AskedRecord): Promise<void> {
    requireRegion(region);
    await this.outcomes(region).record(askedSubject(region, asked.allocationId), encodeJson(asked));
  }

  private outcomes(region: string) {
    const outcomes = this.parts.outcomesOf?.(region);
    if (outcomes !== undefined) return outcomes;
    throw notReady('this gateway was started without a queue of requests');
  }
}
