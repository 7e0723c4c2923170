import { ManualClock, MemoryOutcomeStore } from '#memory';
import { granted } from '#testing';
import { askedSubject, encodeJson, refusalSubject, resultSubject } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../gateway/test/support/gateway.js';
import { program } from '../program.js';

const asked = { allocationId: 'match-1', fleet: null, buildConfiguration: null, askedAt: 0 };
const outcomes = new MemoryOutcomeStore(new ManualClock(0));

let gateway: TestGateway;
beforeEach(
  async () => void (gateway = await TestGateway.start({}, { outcomesOf: () => outcomes })),
);
afterEach(() => gateway.close());

async function berth(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const where = ['--region', 'local', '--api', gateway.url];
  await program((text) => printed.push(text)).parseAsync([...words, ...where], { from: 'user' });
  return printed.join('\n');
}

describe('berth request', () => {
  it('shows the result', async () => {
    await outcomes.record(askedSubject('local', 'match-1'), encodeJson(asked));
    expect(await berth('request', 'match-1')).toBe('pending');
    const result = { allocationId: 'match-1', publishedAt: 1, answeredAt: 2, answer: granted };
    await outcomes.record(resultSubject('local', 'match-1'), encodeJson(result));
    expect(await berth('request', 'match-1')).toBe('allocated  local.a.1  192.0.2.1:7777');
  });
});

describe('berth refusals', () => {
  it('lists who was not served, and why', async () => {
    const refusal = {
      ...{ allocationId: 'match-2', region: 'local', by: 'lobby', fleet: 'harbour' },
      ...{ attributes: {}, buildConfiguration: null, askedAt: 1, refusedAt: 2 },
      ...{ code: 'none-available', message: 'no server is available', allocator: 'a1' },
    };
    await outcomes.record(refusalSubject('local', 'match-2'), encodeJson(refusal));
    const [headings, row] = (await berth('refusals')).split('\n');
    expect(headings).toMatch(/^REFUSED +REQUEST +BY +FLEET +CODE +WHY$/);
    expect(row?.split(/ {2,}/).slice(1)).toEqual([
      ...['match-2', 'lobby', 'harbour', 'none-available', 'no server is available'],
    ]);
  });
});
