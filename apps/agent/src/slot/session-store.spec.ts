import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskSlotFolder } from '../machine/slot-folder.js';
import { noSession } from './session-record.js';
import { SessionStore } from './session-store.js';

describe("A slot's record of its session", () => {
  let data: string;
  let folder: DiskSlotFolder;
  let store: SessionStore;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'berth-session-'));
    folder = await DiskSlotFolder.open(data, '1');
    store = new SessionStore(folder, noSession);
  });
  afterEach(() => rm(data, { recursive: true }));

  it('is what the disk has, one change after the other', async () => {
    await Promise.all([store.amend({ fence: 1 }), store.amend({ delivered: true })]);
    expect(store.record).toEqual({ ...noSession, fence: 1, delivered: true });
    expect(await folder.readRecord()).toEqual(store.record);
  });

  it('does not change while the disk takes nothing, and does so later', async () => {
    await rm(folder.home, { recursive: true });
    await expect(store.amend({ fence: 1 })).rejects.toThrow('ENOENT');
    expect(store.record).toEqual(noSession);
    await mkdir(folder.home);
    await store.amend({ fence: 2 });
    expect(await folder.readRecord()).toEqual({ ...noSession, fence: 2 });
  });
});
