import { endpoints } from '#wire';
import { describe, expect, it } from '@jest/globals';
import {
  SILENCE,
  answer,
  client,
  clientForEach,
  grant,
  ids,
  onAllocate,
  refuse,
} from '../test/played-allocator.js';

clientForEach();

describe('a request for a server', () => {
  it('can be cancelled while it waits', async () => {
    const abort = new AbortController();
    onAllocate(() => SILENCE);
    const waiting = client.allocate({ region: 'local' }, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('the lobby is empty')));
    await expect(waiting).rejects.toThrow('the lobby is empty');
  });

  it('frees its place when it is cancelled while it waits', async () => {
    const abort = new AbortController();
    onAllocate(() => SILENCE);
    const cancelled = answer(endpoints.cancel.subject.of({ region: 'local' }));
    const options = { region: 'local', allocationId: 'match-1', waitMs: 600_000 };
    const waiting = client.allocate(options, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('the lobby is empty')));
    await expect(waiting).rejects.toThrow('the lobby is empty');
    expect(cancelled).toEqual([{ allocationId: 'match-1' }]);
  });

  it('is released if its caller cancelled it and does not know its id', async () => {
    const abort = new AbortController();
    const asked = onAllocate(() => SILENCE);
    const ended = answer(
      endpoints.deallocate.subject.of({ region: 'local' }),
      refuse('unknown-allocation'),
      ({ allocationId }) => ({ status: 'deallocated', allocationId, slot: 'local.m.1' }),
    );
    const waiting = client.allocate({ region: 'local' }, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('the lobby is empty')));
    await expect(waiting).rejects.toThrow('the lobby is empty');
    await client.close();
    expect(ended).toHaveLength(2);
    expect(ids(ended)).toEqual(ids(asked));
  });

  it('is not sent if it was cancelled before', async () => {
    const asked = onAllocate(grant);
    const signal = AbortSignal.abort();
    await expect(client.allocate({ region: 'local' }, { signal })).rejects.toThrow('abort');
    expect(asked).toHaveLength(0);
  });
});
