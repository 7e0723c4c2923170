import {
  archiveStreamName,
  configurationStreamConfig,
  fleetStreamConfig,
  outcomeStreamConfig,
  requestStreamConfig,
  slotStreamConfig,
} from '#jetstream';
import { allEndpoints, type Role } from '#wire';
import { describe, expect, it } from '@jest/globals';
import {
  accountOf,
  accountRules,
  identityNamed,
  permissionsFor,
  permissionsOf,
  ROLES,
} from './index.js';
import { STREAM_USES } from './stream-uses.js';

const REGION = 'eu';
const owner = (role: Role, name = 'm1') =>
  role === 'agent' || role === 'registrar' ? name : undefined;
const publishOf = (role: Role, name?: string) =>
  permissionsOf(role, REGION, owner(role, name)).publish;
const hearOf = (role: Role) => permissionsOf(role, REGION, owner(role)).subscribe;

/** As nats-server compares them. */
function covers(pattern: string, subject: string): boolean {
  const tokens = subject.split('.');
  const parts = pattern.split('.');
  return (
    parts.every((part, at) => {
      if (part === '>') return tokens.length > at;
      return tokens[at] !== undefined && (part === '*' || part === tokens[at]);
    }) &&
    (parts.at(-1) === '>' || parts.length === tokens.length)
  );
}

const may = (role: Role, subject: string, name?: string) =>
  publishOf(role, name).some((pattern) => covers(pattern, subject));

describe('A matchmaker of a project', () => {
  const lobby = identityNamed('client', 'lobby', [REGION], 'acme');

  it('may use the subjects that name its project, and no others', () => {
    expect(permissionsFor(lobby)).toEqual({
      publish: ['allocate.eu.acme', 'cancel.eu.acme', 'deallocate.eu.acme'],
      subscribe: ['_INBOX_lobby.>'],
      answers: false,
    });
  });

  it('is of a project that can be one, and a matchmaker', () => {
    for (const project of ['*', 'A', 'a.b', '>', '']) {
      expect(() => identityNamed('client', 'lobby', [REGION], project)).toThrow(TypeError);
    }
    expect(() => identityNamed('agent', 'm1', [REGION], 'acme')).toThrow('only a matchmaker');
  });
});

describe('A role', () => {
  it.each(allEndpoints.map((row) => [row.subject.text, row] as const))(
    'may publish %s if the table says so, and only then',
    (_, row) => {
      const speakers =
        row.kind === 'asked' ? row.askedBy : row.kind === 'told' ? row.toldBy : row.writtenBy;
      const tokens = Object.fromEntries(row.subject.names.map((name) => [name, 'x']));
      const subject = row.subject.of({ ...tokens, region: REGION, agent: 'm1' });
      const able = ROLES.filter((role) => may(role, subject));
      expect(new Set(able)).toEqual(new Set(speakers));
    },
  );

  it.each(ROLES)('%s is confined to its region', (role) => {
    const elsewhere = publishOf(role).map((subject) => subject.replaceAll(REGION, 'us'));
    const open = elsewhere.filter((subject) => may(role, subject));
    expect(open.filter((subject) => subject !== '$JS.API.INFO' && subject !== '$SRV.>')).toEqual(
      [],
    );
  });

  it('subscribes in the queue group that the table names, and not without it', () => {
    expect(hearOf('allocator')).toContain('allocate.eu allocators');
    expect(hearOf('allocator')).not.toContain('allocate.eu');
  });

  it('may answer if it serves an endpoint', () => {
    const answering = ROLES.filter((role) => permissionsOf(role, REGION, owner(role)).answers);
    expect(answering).toEqual(['allocator', 'registrar', 'agent', 'auditor']);
  });

  it('has rules for exactly the streams that the table lets it read', () => {
    for (const [stream, uses] of Object.entries(STREAM_USES)) {
      if (stream === 'ARCHIVE' || stream === 'builds') continue;
      const rows = allEndpoints.filter((row) => row.kind === 'stored' && row.stream === stream);
      const readers = rows.flatMap((row) => (row.kind === 'stored' ? row.readBy : []));
      expect(new Set(Object.keys(uses))).toEqual(new Set(readers));
    }
  });

  it('uses the names that the streams are created with', () => {
    const configs = [
      slotStreamConfig,
      fleetStreamConfig,
      configurationStreamConfig,
      requestStreamConfig,
      outcomeStreamConfig,
    ].map((configOf) => configOf(REGION).name);
    for (const name of [...configs, archiveStreamName(REGION)]) {
      expect(publishOf('allocator')).toContain(`$JS.API.STREAM.CREATE.${name}`);
    }
  });
});

describe('A machine', () => {
  it('may publish for its own slots only', () => {
    for (const subject of publishOf('agent', 'm2')) {
      if (subject.includes('m2'))
        expect(may('agent', subject.replaceAll('*', 'x'), 'm1')).toBe(false);
    }
  });

  it.each([
    'slot.eu.m1.1',
    '$JS.API.STREAM.PURGE.SLOTS_eu',
    '$JS.API.STREAM.MSG.GET.SLOTS_eu',
    '$JS.API.DIRECT.GET.SLOTS_eu',
    '$JS.API.DIRECT.GET.SLOTS_eu.slot.eu.m2.1',
    '$JS.API.DIRECT.GET.SLOTS_eu.slot.eu.*.*',
    '$JS.API.CONSUMER.CREATE.SLOTS_eu.x',
    '$O.builds_eu.M.x',
    'direct.eu',
    'size.eu',
  ])('may not publish %s', (subject) => expect(may('agent', subject, 'm1')).toBe(false));

  it('needs a name that is a plain subject token, and one region', () => {
    for (const name of ['', '*', '>', 'a.b', 'a b', 'x'.repeat(65)]) {
      expect(() => identityNamed('agent', name, [REGION])).toThrow(TypeError);
    }
    expect(() => identityNamed('agent', 'm1', ['eu', 'us'])).toThrow('owns slots');
    expect(() => identityNamed('gateway', 'g', [])).toThrow('needs a region');
  });

  it('may subscribe to its own inbox, and to no other', () => {
    const { subscribe } = permissionsFor(identityNamed('agent', 'm1', [REGION]));
    expect(subscribe.filter((subject) => subject.startsWith('_INBOX'))).toEqual(['_INBOX_m1.>']);
  });
});

describe('The accounts', () => {
  it('pass on what the edge publishes, and what it receives from streams', () => {
    const { imports } = accountRules('EDGE', [REGION]);
    const services = imports.flatMap((one) => ('service' in one ? [one.service.subject] : []));
    const wanted = ROLES.filter((role) => accountOf(role) === 'EDGE').flatMap(
      (role) => permissionsOf(role, REGION).publish,
    );
    const atEdge = /^(alive|audit|deregister|keepalive|logs|register|usage)\./;
    const crossing = wanted.filter((one) => !atEdge.test(one));
    expect(crossing.filter((one) => !services.some((wide) => covers(wide, one)))).toEqual([]);
    expect(services.filter((one) => !crossing.includes(one))).toEqual([]);
    // nats-server warns of a subject that is part of another one.
    const within = (one: string) => services.some((wide) => wide !== one && covers(wide, one));
    expect(services.filter(within)).toEqual([]);
  });

  it('export to each other exactly what the other imports', () => {
    const used = (of: 'BERTH' | 'EDGE') =>
      accountRules(of, [REGION]).imports.map((one) =>
        'service' in one ? one.service.subject : one.stream.subject,
      );
    const offered = (of: 'BERTH' | 'EDGE') =>
      accountRules(of, [REGION]).exports.map((one) =>
        'service' in one ? one.service : one.stream,
      );
    expect(used('BERTH')).toEqual(offered('EDGE'));
    expect(used('EDGE')).toEqual(offered('BERTH'));
    expect(used('BERTH')).toEqual(['alive.eu.*.*', 'unlogged.eu.*']);
    expect(used('EDGE')).toContain('beat.eu.*');
  });

  it('pass nothing on the subjects of streams from the edge, except requests', () => {
    const written = allEndpoints.flatMap((row) =>
      row.kind === 'stored' ? [row.subject.filter({ region: REGION })] : [],
    );
    const crossing = accountRules('BERTH', [REGION]).exports.flatMap((one) =>
      'service' in one ? [one.service] : [],
    );
    expect(written.filter((subject) => crossing.includes(subject))).toEqual([
      'request.eu',
      'result.eu.*',
    ]);
  });
});
