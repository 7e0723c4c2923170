import { Unparsable } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import {
  decodeJson,
  encodeJson,
  JsonText,
  jsonText,
  parse,
  parseJson,
  printJson,
} from './index.js';

const message = z.strictObject({
  id: z.string(),
  payload: jsonText.default(JsonText.null),
  inner: z
    .union([z.null(), z.object({ answers: z.array(z.object({ answer: jsonText })) })])
    .default(null),
});

/** Texts that JavaScript's own numbers, keys and spacing would not preserve. */
const TEXTS = [
  '{"steamId":76561198000000001,"u64":18446744073709551615,"e":1e400,"z":-0,"one":1.0}',
  '{"__proto__":{"polluted":true},"constructor":1}',
  '"a \\"quoted\\" \\\\ end\\\\"',
  '{ "spaced" : [ 1 , 2 ,{}, [] ] }',
  '{"same":1,"same":2}',
  '"\\ud800"',
  '0.10',
  'true',
  'null',
  '[[[[]]]]',
];

const textOf = (body: Uint8Array) => new TextDecoder().decode(body);
const bytes = (text: string) => new TextEncoder().encode(text);

describe('JSON that is passed through', () => {
  it.each(TEXTS)('is unchanged: %s', (text) => {
    const read = parseJson(message, `{"id": "a", "payload" : ${text} ,"inner":null}`);
    expect(read.payload.text).toBe(text);
    expect(textOf(encodeJson(read))).toBe(`{"id":"a","payload":${text},"inner":null}`);
  });

  it('is found wherever the schema has it, however its key is escaped', () => {
    const document = `{"id":"a","inner":{"answers":[{"answer":1.0},{"\\u0061nswer":[2.0]}]}}`;
    const read = parseJson(message, document);
    expect(read.inner?.answers.map(({ answer }) => answer.text)).toEqual(['1.0', '[2.0]']);
  });

  it('is the last of two equal keys, as in every parser', () => {
    expect(parseJson(message, '{"id":"a","payload":1,"payload":2.0}').payload.text).toBe('2.0');
  });

  it('may be the whole document', () => expect(parseJson(jsonText, ' [1.0] ').text).toBe('[1.0]'));

  it('is put on one line, so that line protocols can carry it', () => {
    expect(parseJson(message, '{"id":"a","payload":{\r\n"b":1.0}}').payload.text).toBe(
      '{  "b":1.0}',
    );
  });

  it('is serialized once if it was made here', () => {
    expect(parse(message, { id: 'a', payload: { b: 1 } }).payload.text).toBe('{"b":1}');
    expect(parse(message, { id: 'a' }).payload).toBe(JsonText.null);
  });

  it('shows its value to other serializers', () => {
    expect(JSON.stringify({ a: JsonText.read('{"b":1.0}') })).toBe('{"a":{"b":1}}');
  });

  it('is unchanged, whatever JSON it is and whatever white space is around it', () => {
    const some = fc.tuple(fc.json(), fc.constantFrom('', ' ', '\t '), fc.string());
    fc.assert(
      fc.property(some, ([payload, space, id]) => {
        const document = `{${space}"id":${JSON.stringify(id)},${space}"payload"${space}:${space}${payload}${space}}`;
        const read = decodeJson(message, bytes(document));
        expect(read.payload.text).toBe(JsonText.trusted(payload).text);
        expect(read.id).toBe(id);
        expect(parseJson(message, printJson(read))).toEqual(read);
      }),
    );
  });
});

describe('JSON that is parsed', () => {
  it.each([
    ['{', /not JSON/],
    ['{"id":"a","payload":{]}', /not JSON/],
    ['{"id":1}', /^id: /],
    ['{"id":"a","more":1}', /more/],
    ['{"id":"a","__proto__":{}}', /__proto__/],
  ])('is refused with the reason: %s', (text, reason) => {
    expect(() => parseJson(message, text)).toThrow(Unparsable);
    expect(() => parseJson(message, text)).toThrow(reason);
  });

  it('is refused if it is not UTF-8', () => {
    expect(() => decodeJson(message, new Uint8Array([0x22, 0xff, 0x22]))).toThrow('not UTF-8');
  });
});
