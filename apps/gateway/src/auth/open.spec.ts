import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { get } from 'node:http';
import { TestDoor } from '../../test/support/door.js';

let door: TestDoor;
beforeEach(async () => void (door = await TestDoor.create()));
afterEach(() => door.close());

describe('Without tokens the gateway', () => {
  const open = { BERTH_TOKENS: '' };

  it('serves programs on the same machine, and warns', async () => {
    await door.start(open);
    expect((await door.allocate({})).status).toBe(201);
    expect(door.logged.join('')).toContain('open to all programs on this machine');
  });

  it.each([
    ['localhost', 200],
    ['127.0.0.1:8080', 200],
    ['[::1]:8080', 200],
    ['evil.example.com:8080', 403],
    ['127.0.0.1.example.com', 403],
    ['192.0.2.1', 403],
  ])('answers only to its own names: to %s with %d', async (host, expected) => {
    await door.start(open);
    const status = await new Promise((resolve, reject) => {
      const asked = { port: door.gateway.port, path: '/v1/slots', headers: { host } };
      get(asked, (response) => resolve(response.resume().statusCode)).once('error', reject);
    });
    expect(status).toBe(expected);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.com'])('does not start on %s', async (host) => {
    await expect(door.start({ ...open, HTTP_HOST: host })).rejects.toThrow(
      `without tokens the gateway listens on this machine only, and HTTP_HOST is ${host}`,
    );
  });

  it('starts on any address if that is allowed, and warns', async () => {
    await door.start({ ...open, HTTP_HOST: '0.0.0.0', BERTH_OPEN: 'true' });
    expect((await door.allocate({})).status).toBe(201);
    expect(door.logged.join('')).toContain('open to everybody');
  });

  it('does not start if it is set to be open and has tokens', async () => {
    await expect(door.start({ BERTH_OPEN: 'true' })).rejects.toThrow('choose one');
  });
});
