import { beforeEach, describe, expect, it } from '@jest/globals';
import { endpoints, type KeyStore } from '#wire';

export interface KeysUnderTest {
  readonly store: KeyStore;
  readonly region: string;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body);

/** What every store of keys does. */
export function keyStoreContract(name: string, open: () => Promise<KeysUnderTest>): void {
  describe(`a store of keys (${name})`, () => {
    let store: KeyStore;
    let share: string;
    let epoch: string;

    beforeEach(async () => {
      const { region, store: opened } = await open();
      store = opened;
      share = endpoints.keyShare.subject.of({ region });
      epoch = endpoints.keyEpoch.subject.of({ region });
    });

    it('finds what was added by its sequence, and the last of a subject', async () => {
      const first = await store.add(share, bytes('one'));
      const second = await store.add(share, bytes('two'));
      expect(second).toBeGreaterThan(first);
      expect(textOf(await store.at(first))).toBe('one');
      expect(textOf(await store.last(share))).toBe('two');
      expect(await store.last(epoch)).toBeUndefined();
      expect(await store.at(second + 100)).toBeUndefined();
    });

    it('lists a subject in order, page by page', async () => {
      for (const text of ['one', 'two', 'three']) {
        await store.add(epoch, bytes(text));
        await store.add(share, bytes('another subject'));
      }
      const page = await store.list(epoch, 0, 2);
      expect(page.map(({ body }) => textOf(body))).toEqual(['one', 'two']);
      const rest = await store.list(epoch, page.at(-1)?.sequence ?? 0, 2);
      expect(rest.map(({ body }) => textOf(body))).toEqual(['three']);
      expect(await store.list(epoch, rest.at(-1)?.sequence ?? 0, 2)).toEqual([]);
    });

    it('erases one and no other, and twice is no error', async () => {
      const first = await store.add(share, bytes('one'));
      const second = await store.add(share, bytes('two'));
      await store.erase(first);
      await store.erase(first);
      expect(await store.at(first)).toBeUndefined();
      expect(textOf(await store.at(second))).toBe('two');
      expect((await store.list(share, 0, 10)).map(({ sequence }) => sequence)).toEqual([second]);
      await store.erase(second);
      expect(await store.last(share)).toBeUndefined();
    });
  });
}
