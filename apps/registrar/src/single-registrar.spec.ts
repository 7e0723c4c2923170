import { TransientError } from '#kernel';
import { MemoryBus } from '#memory';
import { SystemClock } from '#service-runtime';
import { endpoints } from '#wire';
import { describe, expect, it } from '@jest/globals';
import { requireToBeAlone } from './single-registrar.js';

describe('A registrar', () => {
  it('starts if there is no other', async () => {
    await requireToBeAlone('local', new MemoryBus(new SystemClock()));
  });

  it('does not start if another one answers in its region', async () => {
    const bus = new MemoryBus(new SystemClock());
    bus.subscribe(endpoints.deregister.subject.of({ region: 'eu' }), ({ respond }) =>
      respond(new Uint8Array()),
    );
    await expect(requireToBeAlone('eu', bus)).rejects.toThrow(TransientError);
    await requireToBeAlone('local', bus);
  });
});
