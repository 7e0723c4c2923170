import { JsonText } from '#json';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillTemplate, readTemplate, TEMPLATE_ACTIONS_MAX } from './payload-template.js';

const values = {
  payload: JsonText.of({ mode: 'ctf', map: { name: 'docks', size: 4 }, teams: ['a'], none: null }),
  token: 'secret',
  env: { MAP: 'docks' },
};

function filled(text: string, given: Parameters<typeof fillTemplate>[1] = values): string {
  const template = readTemplate(text);
  if ('code' in template) throw new Error(template.message);
  return fillTemplate(template, given);
}

describe('A template of a payload file', () => {
  it.each([
    ['', ''],
    ['no value } }} { at all', 'no value } }} { at all'],
    ['{{ .token }}', 'secret'],
    ['{{.payload.mode}} on {{ .payload.map.name }}!', 'ctf on docks!'],
    ['{{ .payload.map }}', '{"name":"docks","size":4}'],
    ['{{ .payload.map.size }}', '4'],
    ['{{ .env.MAP }}{{ .env.NONE }}', 'docks'],
    ['{{ toJSON .payload.mode }}', '"ctf"'],
    ['{{ toJSON .payload }}', values.payload.text],
    ['[{{ .payload.none }}{{ .payload.mode.length }}{{ .payload.constructor }}]', '[]'],
    ['{{ toJSON .payload.nowhere }}', 'null'],
  ])('%j is filled in as %j', (text, expected) => {
    expect(filled(text)).toBe(expected);
  });

  it.each([
    ['{{ .token', 'not closed'],
    ['{{ if .payload }}', '{{ if .payload }} is not known'],
    ['{{- .token -}}', 'not known'],
    ['{{ .payload | toJSON }}', 'not known'],
    ['{{ toJSON }}', 'not known'],
    ['{{ . }}', 'not known'],
    ['{{ .env }}', 'there is no .env'],
    ['{{ .token.a }}', 'there is no .token.a'],
    ['{{ .allocation }}', 'there is no .allocation'],
    ['{{ .token }}'.repeat(TEMPLATE_ACTIONS_MAX + 1), 'more than 64'],
  ])('%j is refused', (text, why) => {
    const refused = readTemplate(text);
    expect('code' in refused && refused.message).toContain(why);
    expect('code' in refused && refused.message).toContain('{{ toJSON .payload }}');
  });

  it('that is accepted can always be filled in', () => {
    const scrap = fc.constantFrom(
      ...['{{', '}}', ' ', '.payload', '.token', '.env', '.a', '.__proto__', 'toJSON', '{', '"'],
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(scrap, { maxLength: 20 }).map((w) => w.join('')),
    );
    const path = fc.array(fc.constantFrom('a', 'b', '__proto__', 'length'), { maxLength: 4 });
    const understood = path.map((names) => `{{ .payload${names.map((n) => `.${n}`).join('')} }}`);
    const given = fc.record({
      payload: fc.json().map((text) => JsonText.read(text)),
      token: fc.string(),
      env: fc.dictionary(fc.string(), fc.string()),
    });
    const law = fc.property(fc.oneof(text, understood), given, (written, world) => {
      const template = readTemplate(written);
      if (!('code' in template)) expect(typeof fillTemplate(template, world)).toBe('string');
    });
    fc.assert(law, { numRuns: 500 });
  });

  it('returns payloads unchanged with toJSON', () => {
    const law = fc.property(fc.json(), (written) => {
      const payload = JsonText.read(written);
      const text = filled('{{ toJSON .payload }}', { ...values, payload });
      expect(text).toBe(payload.text);
    });
    fc.assert(law);
  });
});
