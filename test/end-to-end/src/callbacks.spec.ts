import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from './berth-dev.js';
import { NameServer } from './name-server.js';
import {
  aServer,
  allocate,
  anAddress,
  dispose,
  history,
  registry,
  type Registered,
} from './registered-servers.js';

let names: NameServer;

beforeAll(async () => {
  names = await NameServer.start();
  await registry.start({ BERTH_CALLBACK_MS: '1000', BERTH_CALLBACK_DNS: names.address });
}, 60_000);
afterAll(async () => {
  names.close();
  await dispose();
}, 60_000);

function register(url: string, attributes = {}, address = anAddress()) {
  const callback = { token: 'a', url };
  const body = { address, priority: 0, region: 'local', attributes, callback };
  return registry.ask<Registered>('POST', '/servers', body);
}

/** Requests the server, in vain, until the log says why its callback was refused. */
async function refusal(slot: string, attributes: object): Promise<string | undefined> {
  let found: Awaited<ReturnType<typeof history>>[number] | undefined;
  await eventually(async () => {
    // A server that has just registered may not be offered yet.
    expect((await allocate(attributes)).status).toBe(503);
    found = (await history(slot)).find(({ type }) => type === 'CallbackRefused');
    return found !== undefined;
  }, 15_000);
  return found?.data.reason;
}

/** The addresses of Berth's own services, which no callback may reach. */
function doors(): readonly string[] {
  const { gateway, monitor } = registry.doors;
  return [new URL(registry.nats.url).host, monitor, gateway];
}

describe('a callback', () => {
  test.each([
    ['the metadata service of a cloud', 'http://169.254.169.254/latest/meta-data/'],
    ['its address in decimal', 'http://2852039166/'],
    ['its address in octal', 'http://0251.0376.0251.0376/'],
    ['its address in hexadecimal', 'http://0xa9fea9fe/'],
    ['its address mapped into IPv6', 'http://[::ffff:169.254.169.254]/'],
    ['its address mapped in hexadecimal', 'http://[::ffff:a9fe:a9fe]/'],
    ['its address behind NAT64', 'http://[64:ff9b::a9fe:a9fe]/'],
    ['the metadata service over IPv6', 'http://[fd00:ec2::254]/'],
  ])('may not lead to %s', async (_, url) => {
    const address = anAddress();
    const answer = await register(url, {}, address);
    const error = expect.stringMatching(/^callback\.url: .* may never be called/);
    expect(answer).toEqual({ status: 403, body: { error } });
    expect((await registry.ask('POST', `/servers/${address}/keepalive`, {})).status).toBe(404);
  });

  test.each([
    ['another scheme', 'file:///etc/passwd'],
    ['a name without an address', 'http://nowhere.test/'],
  ])('is refused with %s', async (_, url) => {
    const error = expect.stringMatching(/^callback\.url: /);
    expect(await register(url)).toEqual({ status: 400, body: { error } });
  });

  test('may not lead to nats-server, its monitor, or the gateway itself', async () => {
    for (const door of doors()) {
      const { hostname, port } = new URL(`http://${door}`);
      names.lead('door.test', hostname);
      const decimal = hostname.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
      for (const host of [door, `${decimal}:${port}`, `0177.0.0.1:${port}`, `door.test:${port}`]) {
        const { status, body } = await register(`http://${host}/varz`);
        expect({ host, status, ...body }).toEqual({
          host,
          status: 403,
          error: `callback.url: ${door} is forbidden for callbacks`,
        });
      }
    }
  });

  test('that is redirected to one of them is not followed, and recorded as refused', async () => {
    for (const door of [...doors(), '169.254.169.254']) {
      const server = await aServer();
      server.reply = (response) =>
        response.writeHead(307, { location: `http://${door}/healthz` }).end();
      const attributes = { redirects: door };
      const { slot } = (await register(server.url, attributes)).body;
      expect(await refusal(slot, attributes)).toBe(
        'the game answered 307; redirects are not followed',
      );
      expect(server.heard).toHaveLength(1);
    }
  });

  test.each([
    [
      'the metadata service of a cloud',
      '169.254.169.254',
      /^169\.254\.169\.254 may never be called/,
    ],
    ['a forbidden address', null, /is forbidden for callbacks$/],
  ])('to a name that now leads to %s is recorded as refused', async (what, to, because) => {
    const server = await aServer();
    const [name, attributes] = [`rebinds-${server.port}.test`, { rebinds: what }];
    names.lead(name, '127.0.0.1');
    const { gateway } = registry.doors;
    // A forbidden address can only be reached on its own port, so the name first leads elsewhere.
    const port = to === null ? new URL(`http://${gateway}`).port : server.port;
    if (to === null) names.lead(name, '127.0.0.2');
    const { slot } = (await register(`http://${name}:${port}/allocate`, attributes)).body;
    names.lead(name, to ?? '127.0.0.1');
    const reason = await refusal(slot, attributes);
    expect(reason).toMatch(/^the callback is not made: /);
    expect(reason?.replace('the callback is not made: ', '')).toMatch(because);
    expect(server.heard).toEqual([]);
  });

  test('to a name that leads to an allowed address is made', async () => {
    const server = await aServer();
    names.lead('game.test', '127.0.0.1');
    await register(`http://game.test:${server.port}/allocate`, { named: '1' });
    await eventually(async () => (await allocate({ named: '1' })).status === 200, 20_000);
    expect(server.heard).toHaveLength(1);
  });

  test('that is not allowed any more is recorded as refused', async () => {
    const server = await aServer();
    const attributes = { barred: '1' };
    const { slot } = (await register(server.url, attributes)).body;
    await registry.kill('registrar');
    await registry.runRegistrar({ BERTH_CALLBACK_NETWORKS: '10.0.0.0/8' });
    expect(await refusal(slot, attributes)).toMatch(
      /^the callback is not made: 127\.0\.0\.1 is this machine/,
    );
    expect(server.heard).toEqual([]);
  }, 60_000);
});
