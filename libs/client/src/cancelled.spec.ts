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

const NONE = { code: 'none-available' };

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

  it('is released if it is refused while an earlier try without an answer may be served', async () => {
    const asked = onAllocate(() => SILENCE, refuse('none-available'));
    const cancelled = answer(endpoints.cancel.subject.of({ region: 'local' }));
    const ended = answer(
      endpoints.deallocate.subject.of({ region: 'local' }),
      refuse('unknown-allocation'),
      ({ allocationId }) => ({ status: 'deallocated', allocationId, slot: 'local.m.1' }),
    );
    const refused = client.allocate({ region: 'local', waitMs: 20_000 });
    await expect(refused).rejects.toMatchObject(NONE);
    await client.close();
    expect(ids(cancelled)).toEqual(ids(asked.slice(0, 1)));
    expect(ids(ended)).toEqual(ids(asked));
  });

  it('is not released if every try was refused, or its caller knows its id', async () => {
    const ended = answer(endpoints.deallocate.subject.of({ region: 'local' }));
    const none = refuse('none-available');
    const asked = onAllocate(refuse('not-ready'), none, () => SILENCE, none);
    await expect(client.allocate({ region: 'local' })).rejects.toMatchObject(NONE);
    const named = client.allocate({ region: 'local', allocationId: 'match-1' });
    await expect(named).rejects.toMatchObject(NONE);
    await client.close();
    expect(asked).toHaveLength(4);
    expect(ended).toEqual([]);
  });

  it('is not sent if it was cancelled before', async () => {
    const asked = onAllocate(grant);
    const signal = AbortSignal.abort();
    await expect(client.allocate({ region: 'local' }, { signal })).rejects.toThrow('abort');
    expect(asked).toHaveLength(0);
  });
});
