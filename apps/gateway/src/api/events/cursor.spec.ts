import { describe, expect, it } from '@jest/globals';
import { cursorFrom, cursorText } from './cursor.js';

const two = new Map([
  ['eu', 7],
  ['us', 12],
]);
const one = new Map([['local', 5]]);

describe('a cursor', () => {
  it('is read as it is written', () => {
    expect(cursorText(two)).toBe('eu:7,us:12');
    expect(cursorFrom('eu:3,us:4', two)).toEqual(
      new Map([
        ['eu', 3],
        ['us', 4],
      ]),
    );
  });

  it('starts at the end of every region that it does not name', () => {
    expect(cursorFrom(undefined, two)).toEqual(two);
    expect(cursorFrom('', two)).toEqual(two);
    expect(cursorFrom('us:4', two)).toEqual(
      new Map([
        ['eu', 7],
        ['us', 4],
      ]),
    );
  });

  it('may be a bare sequence if there is only one region', () => {
    expect(cursorFrom('3', one)).toEqual(new Map([['local', 3]]));
    expect(() => cursorFrom('3', two)).toThrow('no event id');
  });

  it('leaves out regions that are not shown', () => {
    expect(cursorFrom('mars:3', one)).toEqual(one);
  });

  it.each(['local:', 'local:x', 'local:-1', 'a b:3', 'local:1:2:3x', '1e3', ','])(
    'cannot be read from %j',
    (text) => expect(() => cursorFrom(text, one)).toThrow('no event id'),
  );
});
