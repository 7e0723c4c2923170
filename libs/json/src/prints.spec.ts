import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonText, printJson, Prints } from './index.js';

describe('Prints', () => {
  it('are as printJson has them, whatever was printed before', () => {
    const prints = new Prints();
    const law = fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const shared = { one };
      const payload = JsonText.read(' {"a": 1.0}');
      for (const context of [
        { shared, other },
        { shared, one, payload },
        { other, shared },
      ]) {
        const value = { value: one, context, payload, none: undefined };
        expect(prints.print(value)).toBe(printJson(value));
      }
    });
    fc.assert(law);
  });

  it('do not print again what stood in the same place', () => {
    let printed = 0;
    const shared = { toJSON: () => (printed += 1) };
    const prints = new Prints();
    for (let turn = 0; turn < 3; turn += 1) prints.print({ context: { shared, turn } });
    expect(printed).toBe(1);
  });
});
