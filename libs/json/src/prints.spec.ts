import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonText, printJson, Prints } from './index.js';

describe('Prints', () => {
  it('match what printJson prints, whatever was matched before, and no other text', () => {
    const prints = new Prints();
    const law = fc.property(
      fc.jsonValue(),
      fc.jsonValue(),
      fc.nat(),
      fc.string({ minLength: 1, maxLength: 1 }),
      (one, other, place, sign) => {
        const shared = { one };
        const payload = JsonText.read(' {"a": 1.0}');
        for (const context of [
          { shared, other },
          { shared, one, payload },
          { shared, payload, at: Date.UTC(2026, 0, 1) },
          { other, shared },
        ]) {
          const value = { value: one, context, payload, none: undefined };
          const text = printJson(value);
          expect(prints.match(value, text)).toBe(true);
          const at = place % text.length;
          const changed = text.slice(0, at) + sign + text.slice(at + 1);
          expect(prints.match(value, changed)).toBe(changed === text);
          expect(prints.match(value, text.slice(0, at) + text.slice(at + 1))).toBe(false);
          expect(prints.match(value, text + sign)).toBe(false);
        }
      },
    );
    fc.assert(law);
  });

  it.each([
    [{ n: 0 }, '{"n":00}'],
    [{ n: 7 }, '{"n":07}'],
    [{ n: 7 }, '{"n":7.0}'],
    [{ n: -0 }, '{"n":-0}'],
    [{ n: 2 ** 53 }, '{"n":9007199254740993}'],
    [{ s: 'a"b' }, '{"s":"a"b"}'],
    [{ s: '\ud800' }, '{"s":"\ud800"}'],
    [{ list: [] }, '{"list":{}}'],
    [{}, '[]'],
  ])('do not take another text of %j for it', (value, text) => {
    expect(new Prints().match(value, text)).toBe(false);
    expect(new Prints().match(value, printJson(value))).toBe(true);
  });

  it('print but once what stands in the same place', () => {
    let printed = 0;
    const shared = { toJSON: () => Math.min((printed += 1), 1) };
    const prints = new Prints();
    for (let turn = 1; turn < 4; turn += 1) {
      prints.match({ context: { shared, turn } }, `{"context":{"shared":1,"turn":${turn}}}`);
    }
    expect(printed).toBeLessThanOrEqual(2);
  });
});
