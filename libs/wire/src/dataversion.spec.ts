import {
  build,
  buildConfiguration,
  buildConfigurationSchema,
  type BuildConfiguration,
} from '#build';
import { fleet } from '#fleet';
import { Unparsable, type Codec, type LogRecord } from '#kernel';
import { START } from '#testing';
import {
  allEndpoints,
  buildRecordCodec,
  configurationRecordCodec,
  decodeSent,
  encodeJson,
  endpoints,
  fleetRecordCodec,
  parse,
  slotRecordCodec,
} from '#wire';
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import type { z } from 'zod';

const LATER = 'addedLater';

/** Members whose own members are named by users, or whose text is carried as it is. */
const DATA = [
  'attributes',
  'versions',
  'ports',
  'payload',
  'answer',
  'slots',
  'variables',
  'extras',
];

/** The document once for each object in it, which has one more member; with the object's place. */
function* grown(document: unknown): Generator<readonly [place: string, document: unknown]> {
  for (const path of objectsIn(document)) {
    const copy = structuredClone(document);
    const holder = path.reduce((inside, name) => (inside as never)[name], copy);
    (holder as Record<string, unknown>)[LATER] = { of: 'a later version' };
    yield [path.join('.'), copy];
  }
}

function* objectsIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield path;
  for (const [name, member] of Object.entries(value)) {
    if (!DATA.includes(name)) yield* objectsIn(member, [...path, name]);
  }
}

const plain = (body: Uint8Array) => JSON.parse(new TextDecoder().decode(body)) as object;

describe('A message between services of Berth', () => {
  const messages = allEndpoints.flatMap((endpoint): [string, z.ZodType, unknown][] => {
    const name = endpoint.subject.text;
    if (endpoint.kind !== 'asked') {
      return endpoint.example === undefined ? [] : [[name, endpoint.message, endpoint.example]];
    }
    const { request, answer, example } = endpoint;
    return [
      [name, request, example.request],
      [`the answer of ${name}`, answer, example.answer],
    ];
  });

  it.each(messages)('%s may have members that only later versions know', (_, schema, example) => {
    const known = decodeSent(schema, { body: encodeJson(example), dataversion: 1 });
    const document = plain(encodeJson(example));
    for (const [place, later] of grown(document)) {
      const read = decodeSent(schema, { body: encodeJson(later), dataversion: 1 });
      expect([place, read]).toEqual([place, known]);
    }
  });

  it('is refused if it is of a later version, with what to do', () => {
    const { request, example } = endpoints.allocate;
    const sent = { body: encodeJson(example.request), dataversion: 2 };
    expect(() => decodeSent(request, sent)).toThrow(
      'dataversion: it is 2, and this version of Berth reads 1; upgrade it',
    );
  });

  it('still has to fit, and says all that does not', () => {
    const body = encodeJson({ ...endpoints.allocate.example.request, waitMs: 'long', [LATER]: 1 });
    const read = () => decodeSent(endpoints.allocate.request, { body, dataversion: 1 });
    expect(read).toThrow(Unparsable);
    expect(read).toThrow(/^waitMs: /);
    expect(read).not.toThrow(LATER);
  });

  it('is refused for a misspelt member if somebody else sent it', () => {
    const body = encodeJson({ ...endpoints.allocate.example.request, flete: 'harbour' });
    expect(() => decodeSent(endpoints.allocate.request, { body })).toThrow(/flete/);
  });
});

describe('A log', () => {
  const by = { at: START, reason: 'a release', by: 'operator' };
  const size = { minAvailable: 1, max: 5, buffer: 2 };
  const configuration = parse(buildConfigurationSchema, {
    ...{ executable: 'server', callback: { kind: 'http' }, payloadFile: { path: 'payload' } },
    build: { name: 'winter', version: 1 },
  }) as BuildConfiguration;
  const folder = 'test/histories/0.3.0';
  const histories = readdirSync(folder).flatMap((file) =>
    readFileSync(`${folder}/${file}`, 'utf8').trimEnd().split('\n'),
  );

  const firstOf = <Record extends LogRecord>(
    codec: Codec<Record>,
    subject: string,
    decision: { readonly kind: string; readonly steps?: readonly object[] },
  ) => codec.encode(subject, { id: 'one', source: 'spec', ...decision.steps?.[0] } as never);

  const fleetSubject = endpoints.fleet.subject.of({ region: 'eu', fleet: 'harbour' });
  const ref = { region: 'eu', name: 'winter' };
  const [setSubject, buildSubject] = [
    endpoints.configuration.subject.of(ref),
    endpoints.build.subject.of(ref),
  ];
  const set = { type: 'SetConfiguration', configuration, ...by } as const;
  const push = { type: 'PushBuild', manifest: 'a'.repeat(64), files: 1, bytes: 2, ...by } as const;
  const logs: readonly [string, Codec<LogRecord>, readonly object[]][] = [
    ['slots', slotRecordCodec, histories.map((line) => JSON.parse(line) as object)],
    [
      'fleets',
      fleetRecordCodec,
      [
        plain(
          firstOf(
            fleetRecordCodec,
            fleetSubject,
            fleet.decide(fleet.initial, { type: 'SizeFleet', size, ...by }),
          ),
        ),
      ],
    ],
    [
      'build configurations',
      configurationRecordCodec,
      [
        plain(
          firstOf(
            configurationRecordCodec,
            setSubject,
            buildConfiguration.decide(buildConfiguration.initial, set),
          ),
        ),
      ],
    ],
    [
      'builds',
      buildRecordCodec,
      [plain(firstOf(buildRecordCodec, buildSubject, build.decide(build.initial, push)))],
    ],
  ];

  it.each(logs)('of %s may have members that only later versions know', (_, codec, documents) => {
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) {
      const { subject } = document as { readonly subject: string };
      const known = codec.decode(subject, encodeJson(document));
      for (const [place, later] of grown(document)) {
        expect([place, codec.decode(subject, encodeJson(later))]).toEqual([place, known]);
      }
    }
  });

  it.each(logs)('of %s is read up to this version', (_, codec, [document]) => {
    const { subject } = document as { readonly subject: string };
    const later = encodeJson({ ...document, dataversion: 2 });
    expect(() => codec.decode(subject, later)).toThrow(
      'dataversion: it is 2, and this version of Berth reads 1; upgrade it',
    );
  });
});
