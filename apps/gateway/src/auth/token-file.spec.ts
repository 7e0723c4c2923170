import { REREAD_MS } from '#auth';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestDoor } from '../../test/support/door.js';
import { bearer } from '../../test/support/tokens.js';

let door: TestDoor;
beforeEach(async () => void (door = await TestDoor.create()));
afterEach(() => door.close());

describe('A file of tokens', () => {
  it('takes effect within a second of a change', async () => {
    const first = await door.tokens.add(['allocate']);
    await door.start();
    const second = await door.tokens.add(['allocate']);
    await door.until(async () => (await door.allocate(bearer(second))).status === 201);
    expect((await door.allocate(bearer(first))).status).toBe(201);
    await door.tokens.keep(({ id }) => second.includes(id));
    await door.until(async () => (await door.allocate(bearer(first))).status === 401);
    expect((await door.allocate(bearer(second))).status).toBe(201);
  });

  it.each(['', '{"version":1,"tokens":[', '{"version":1,"tokens":[{"id":"x"}]}', '[]'])(
    'that reads %j changes nothing, and is reported once',
    async (text) => {
      const token = await door.tokens.add(['allocate']);
      await door.start();
      await door.tokens.write(text);
      const complaints = () => door.logged.filter((line) => line.includes('those read last'));
      await door.until(async () => {
        expect((await door.allocate(bearer(token))).status).toBe(201);
        return complaints().length > 0;
      });
      door.clock.advance(REREAD_MS);
      expect((await door.allocate(bearer(token))).status).toBe(201);
      expect(complaints()).toHaveLength(1);
      expect(complaints()[0]).toContain(door.tokens.path);
    },
  );

  it('that is missing or broken prevents the start of a gateway', async () => {
    await door.tokens.write('{}');
    await expect(door.start()).rejects.toThrow(
      `the file of tokens ${door.tokens.path} is broken: version`,
    );
    await door.tokens.remove();
    await expect(door.start()).rejects.toThrow(/cannot be read: .*ENOENT/);
  });

  it('without tokens accepts nobody', async () => {
    await door.start();
    expect((await door.allocate({})).status).toBe(401);
  });
});
