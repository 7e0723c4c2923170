import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../apps/gateway/test/support/gateway.js';
import { FACES } from './face.js';
import { describeFault, fuzz } from './fuzz.js';
import { samplesOf, type ApiDocument } from './operations.js';

const SEED = 1;

let gateway: TestGateway;
let document: ApiDocument;

beforeAll(async () => {
  gateway = await TestGateway.start();
  const refuse = () => ({ status: 'refused', code: 'none-available', message: 'there is none' });
  for (const kind of ['allocate', 'deallocate', 'operate', 'size', 'fleets'] as const) {
    gateway.answer(kind, refuse);
  }
  document = (await gateway.get('/openapi.json')).body as ApiDocument;
});
afterAll(() => gateway.close());

describe('500 random requests', () => {
  it.each(FACES.map((face) => [face.name, face] as const))(
    'to the face %s are each answered, and refused with a reason',
    async (_, face) => {
      const samples = samplesOf(document, face);
      const report = await fuzz({ port: gateway.port, face, samples, requests: 500, seed: SEED });
      expect(report.faults.map(describeFault)).toEqual([]);
      expect(Object.keys(report.outcomes)).toEqual(expect.arrayContaining(['400', '404']));
    },
    60_000,
  );
});
