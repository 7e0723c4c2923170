import {
  build,
  buildConfiguration,
  type BuildConfiguration,
  buildConfigurationSchema,
  manifest,
} from '#build';
import { Unparsable } from '#kernel';
import { START } from '#testing';
import { endpoints, buildRecordCodec, configurationRecordCodec, parse } from '#wire';
import { describe, expect, it } from '@jest/globals';

const ref = { region: 'eu', name: 'winter' };
const wanted = { at: START, reason: 'a release', by: 'operator' };
const digest = 'a'.repeat(64);

describe('A build configuration', () => {
  it('needs an executable and nothing else', () => {
    expect(parse(buildConfigurationSchema, { executable: 'server' })).toMatchObject({
      build: null,
      arguments: [],
      query: 'none',
      callback: { kind: 'none', ready: 'listening' },
      stopSignal: 'SIGTERM',
    });
  });

  it.each([
    [{}, 'executable'],
    [{ executable: '' }, 'executable'],
    [{ executable: 'a\0b' }, 'NUL'],
    [{ executable: 's', stopSignal: 'SIGKILL' }, 'stopSignal'],
    [{ executable: 's', variables: { 'a=b': '' } }, 'variables'],
    [{ executable: 's', build: { name: '../x' } }, 'build.name'],
    [{ executable: 's', callback: { kind: 'http', path: 'x' } }, 'callback.path'],
    [{ executable: 's', payloadFile: { path: 'x', template: '{{ if .a }}' } }, 'payloadFile.templ'],
    [{ executable: 's', arguments: Array(257).fill('') }, 'arguments'],
    [{ executable: 's', arguments: Array(9).fill('é'.repeat(1_000)) }, '16384'],
    [{ executable: 's', colour: 'red' }, 'colour'],
  ])('cannot be %j', (wrong, named) => {
    expect(() => parse(buildConfigurationSchema, wrong)).toThrow(Unparsable);
    expect(() => parse(buildConfigurationSchema, wrong)).toThrow(named);
  });

  it('is read from the log unchanged, and does not change by being set again', () => {
    const configuration = parse(buildConfigurationSchema, {
      callback: { kind: 'http' },
      payloadFile: { path: 'payload' },
      executable: 'server',
    }) as BuildConfiguration;
    const command = { type: 'SetConfiguration', configuration, ...wanted } as const;
    const decision = buildConfiguration.decide(buildConfiguration.initial, command);
    if (decision.kind === 'refused') throw new Error(decision.refusal.message);
    const record = { id: 'one', source: 'test', ...decision.steps[0]! };
    const subject = endpoints.configuration.subject.of(ref);
    const body = configurationRecordCodec.encode(subject, record);
    const read = configurationRecordCodec.decode(subject, body);
    expect(read).toEqual(record);
    expect(buildConfiguration.decide(read.state, command)).toMatchObject({ steps: [] });
    expect(endpoints.configuration.subject.parse(subject)).toEqual(ref);
  });
});

describe('A build', () => {
  it('is read from the log unchanged', () => {
    const command = { type: 'PushBuild', manifest: digest, files: 1, bytes: 2, ...wanted } as const;
    const decision = build.decide(build.initial, command);
    if (decision.kind === 'refused') throw new Error(decision.refusal.message);
    const record = { id: 'one', source: 'test', ...decision.steps[0]! };
    const subject = endpoints.build.subject.of(ref);
    expect(buildRecordCodec.decode(subject, buildRecordCodec.encode(subject, record))).toEqual(
      record,
    );
    expect(endpoints.build.subject.parse(subject)).toEqual(ref);
    expect(() => endpoints.build.subject.parse(endpoints.configuration.subject.of(ref))).toThrow(
      Unparsable,
    );
  });
});

describe('A manifest', () => {
  const listing = (...paths: readonly string[]) => ({
    files: paths.map((path) => ({ path, size: 1, mode: 0o755, digest })),
  });

  it('names files by normalized relative paths', () => {
    const listed = listing('server', 'maps/docks', 'maps/.hidden', '..data');
    expect(parse(manifest, listed)).toEqual(listed);
  });

  it.each([
    ['/etc/passwd'],
    ['../up'],
    ['a/../b'],
    ['a//b'],
    ['./a'],
    ['a/'],
    ['a\0b'],
    ['a\\b'],
    ['C:x'],
    [''],
    ['same', 'same'],
    ['file', 'file/within'],
  ])('cannot name %j', (...paths) => {
    expect(() => parse(manifest, listing(...paths))).toThrow(Unparsable);
  });
});
