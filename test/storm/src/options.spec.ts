import { describe, expect, it } from '@jest/globals';
import { readPlan } from './options.js';

describe('The options of a storm', () => {
  it('combine faults of the store, and a full store with two versions', () => {
    const both = readPlan(['--put-back', '--full-disk', '--pause-allocator'], 1);
    expect(both).toMatchObject({ putBack: true, fullDisk: true, mixed: false });
    expect(readPlan(['--mixed', '--full-disk'], 1)).toMatchObject({ mixed: true, fullDisk: true });
  });

  it('do not put the log back under version 0.2.0, which does not notice it', () => {
    expect(() => readPlan(['--mixed', '--put-back'], 1)).toThrow(/went back/);
  });
});
