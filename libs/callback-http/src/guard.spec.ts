import { ManualClock } from '#memory';
import { describe, expect, it } from '@jest/globals';
import { isNetwork } from './addresses.js';
import { isDoor, OutboundGuard, type OutboundRules } from './guard.js';
import type { Resolve } from './resolve.js';

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

const NAMES: Record<string, readonly string[]> = {
  'game.example': ['192.0.2.7'],
  'six.example': ['2001:db8::7'],
  'metadata.example': ['169.254.169.254'],
  'both.example': ['192.0.2.7', '127.0.0.1'],
  localhost: ['127.0.0.1', '::1'],
  'xn--ls8h.example': ['10.0.0.1'],
  'nats.example': ['10.0.0.9'],
};

const named: Resolve = (name) =>
  NAMES[name] ? Promise.resolve(NAMES[name]) : Promise.reject(new Error('ENOTFOUND'));

function guarded(rules: Partial<OutboundRules> = {}, resolve = named) {
  const forbidden = ['*:4222', '192.0.2.1:8080', 'nats.example:8222', '[2001:db8::1]:8080'];
  const all = { networks: EVERYWHERE, forbidden, ...rules };
  return new OutboundGuard(all, new ManualClock(), resolve);
}

describe('The guard of callbacks', () => {
  it.each([
    ['192.0.2.1:3999/allocate', '192.0.2.1', 3999, '/allocate'],
    ['http://192.0.2.1:3999/allocate?a=b', '192.0.2.1', 3999, '/allocate?a=b'],
    ['game.example', '192.0.2.7', 80, '/'],
    ['https://game.example/x', '192.0.2.7', 443, '/x'],
    ['game.example.:81', '192.0.2.7', 81, '/'],
    ['http://[2001:db8::2]:3999/', '2001:db8::2', 3999, '/'],
    ['six.example:1/', '2001:db8::7', 1, '/'],
    ['10.0.0.1:3999/', '10.0.0.1', 3999, '/'],
    ['http://💩.example/', '10.0.0.1', 80, '/'],
    ['192.0.2.1:8081/', '192.0.2.1', 8081, '/'],
  ])('admits %s', async (url, address, port, path) => {
    expect(await guarded().admit(url)).toMatchObject({ kind: 'target', address, port, path });
  });

  it.each([
    ['the metadata service of a cloud', 'http://169.254.169.254/latest/meta-data/'],
    ['its address in decimal', 'http://2852039166/'],
    ['its address in hexadecimal', 'http://0xa9fea9fe/'],
    ['its address in octal', 'http://0251.0376.0251.0376/'],
    ['its address in short form', 'http://169.254.43518/'],
    ['its address in wide digits', 'http://１６９.254.169.254/'],
    ['its address with a dot at the end', 'http://169.254.169.254./'],
    ['its address mapped into IPv6', 'http://[::ffff:169.254.169.254]/'],
    ['its address mapped in hexadecimal', 'http://[::ffff:a9fe:a9fe]/'],
    ['its address in the compatible form', 'http://[::169.254.169.254]/'],
    ['its address behind NAT64', 'http://[64:ff9b::a9fe:a9fe]/'],
    ['its address behind 6to4', 'http://[2002:a9fe:a9fe::]/'],
    ['its address behind a name', 'http://metadata.example/'],
    ['the metadata service over IPv6', 'http://[fd00:ec2::254]/'],
    ['the metadata service of another cloud', 'http://100.100.100.200/'],
    ['this machine', 'http://127.0.0.1:9000/'],
    ['this machine, in short', '127.1:9000'],
    ['this machine over IPv6', 'http://[::1]:9000/'],
    ['this machine by its name', 'localhost:9000/allocate'],
    ['this machine by its name with a dot', 'http://localhost.:9000/'],
    ['the unspecified address', 'http://0.0.0.0:9000/'],
    ['the unspecified address in short form', 'http://0:9000/'],
    ['the unspecified address over IPv6', 'http://[::]:9000/'],
    ['a mapped address of a harmless host', 'http://[::ffff:192.0.2.1]/'],
    ['a link-local address', 'http://[fe80::1]/'],
    ['a multicast address', 'http://224.0.0.1/'],
    ['a multicast address over IPv6', 'http://[ff02::1]/'],
    ['the broadcast address', 'http://255.255.255.255/'],
    ['a port that is forbidden everywhere', 'http://192.0.2.1:4222/'],
    ['a forbidden address', 'http://192.0.2.1:8080/'],
    ['a forbidden address in hexadecimal', 'http://0xc0000201:8080/'],
    ['a forbidden address over IPv6', 'http://[2001:db8:0::1]:8080/'],
    ['a forbidden name by its address', 'http://10.0.0.9:8222/'],
    ['a name with one forbidden address', 'http://both.example/'],
  ])('forbids %s', async (_, url) => {
    expect(await guarded().admit(url)).toMatchObject({ kind: 'denied', code: 'forbidden' });
  });

  it.each([
    ['another scheme', 'file:///etc/passwd'],
    ['the gopher scheme', 'gopher://192.0.2.1/'],
    ['a user name', 'http://user:word@192.0.2.1/'],
    ['a user name that looks like a host', 'http://192.0.2.1@169.254.169.254/'],
    ['no host', 'http://'],
    ['an empty URL', ''],
    ['an invalid port', 'http://192.0.2.1:99999/'],
    ['port 0', 'http://192.0.2.1:0/'],
    ['a name without an address', 'http://nowhere.example/'],
    ['a zone', 'http://[fe80::1%25eth0]/'],
    ['spaces', 'http://192.0.2.1 /'],
    ['a URL that is too long', `http://192.0.2.1/${'x'.repeat(3_000)}`],
  ])('finds %s invalid', async (_, url) => {
    expect(await guarded().admit(url)).toMatchObject({ kind: 'denied', code: 'invalid' });
  });

  it.each([
    ['[2001:0DB8:0:0:0:0:0:1]:04222', 'http://[2001:db8::1]:4222/'],
    ['2001:0DB8::1:4222', 'http://[2001:db8::1]:4222/'],
    ['0xc0000201:4222', 'http://192.0.2.1:4222/'],
    ['NATS.example.:8222', 'http://10.0.0.9:8222/'],
    ['0.0.0.0:4222', 'http://192.0.2.1:4222/'],
    ['[::]:4222', 'http://[2001:db8::1]:4222/'],
  ])('with %s forbidden, denies %s', async (door, url) =>
    expect(await guarded({ forbidden: [door] }).admit(url)).toMatchObject({ code: 'forbidden' }),
  );

  it('admits this machine if a network within it is listed', async () => {
    const networks = ['127.0.0.0/8', '10.0.0.0/8'];
    expect(await guarded({ networks }).admit('127.0.0.1:9000')).toMatchObject({ kind: 'target' });
    const elsewhere = await guarded({ networks }).admit('192.0.2.1:9000');
    expect(elsewhere).toMatchObject({
      code: 'forbidden',
      reason: expect.stringContaining('BERTH_CALLBACK_NETWORKS'),
    });
    const mapped = await guarded({ networks: ['::1/128', ...EVERYWHERE] }).admit('[::1]:9000');
    expect(mapped).toMatchObject({ kind: 'target' });
  });

  it.each(['10.0.0.1:3999', '192.0.2.1:3999', '127.0.0.1:3999', 'http://[2001:db8::2]:3999/'])(
    'denies %s if nothing is listed, and names the setting',
    async (url) => {
      const denied = await guarded({ networks: [] }).admit(url);
      expect(denied).toMatchObject({
        code: 'forbidden',
        reason: expect.stringContaining('BERTH_CALLBACK_NETWORKS'),
      });
    },
  );

  it('resolves a name once, and calls the address that it checked', async () => {
    const answers = ['192.0.2.7', '127.0.0.1'];
    let asked = 0;
    const rebinding: Resolve = () => Promise.resolve([answers[asked++] ?? '']);
    const target = await guarded({}, rebinding).admit('http://rebinding.example/');
    expect({ target, asked }).toMatchObject({ target: { address: '192.0.2.7' }, asked: 1 });
  });

  it('does not wait for ever for a name to be resolved', async () => {
    const clock = new ManualClock();
    const rules = { networks: EVERYWHERE, forbidden: [] };
    const guard = new OutboundGuard(rules, clock, () => new Promise(() => undefined));
    const asked = guard.admit('http://slow.example/');
    clock.advance(3_000);
    expect(await asked).toMatchObject({ code: 'invalid' });
  });
});

describe('A setting of the guard', () => {
  it.each(['10.0.0.0/8', '::/0', 'fd00::/8', '192.0.2.1/32'])('may be the network %s', (text) =>
    expect(isNetwork(text)).toBe(true),
  );
  it.each(['10.0.0.0', '10.0.0.0/33', 'a/8', '::/129', 'fe80::1%eth0/64', ''])(
    'may not be the network %j',
    (text) => expect(isNetwork(text)).toBe(false),
  );
  it.each(['*:4222', '[::1]:80', 'nats:4222'])('may be the forbidden address %s', (text) =>
    expect(isDoor(text)).toBe(true),
  );
  it.each(['4222', 'nats', ':80', 'nats:0', 'nats:x', 'nats:', '[x]:80'])(
    'may not be the forbidden address %j',
    (text) => expect(isDoor(text)).toBe(false),
  );
});
