import { describe, expect, it } from '@jest/globals';
import {
  compressed,
  counts,
  everyExtra,
  goldSourceInfo,
  sourceInfo,
  split,
} from '../test/support/a2s-servers.js';
import { A2sConversation } from './a2s.js';
import { Malformed } from './bytes.js';
import type { Heard } from './players.js';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');
const QUESTION = hex('ffffffff 54 536f7572636520456e67696e6520517565727900');
const answer = (players = counts): Heard => ({ kind: 'answer', players });

/** The meaning of the last of these packets. */
function hear(...packets: readonly Buffer[]): Heard | undefined {
  const talk = new A2sConversation();
  return packets.map((packet) => talk.hear(packet)).at(-1);
}

describe('A conversation in A2S', () => {
  it('asks, and repeats its question with the challenge', () => {
    const talk = new A2sConversation();
    expect(talk.opening).toEqual(QUESTION);
    expect(talk.hear(hex('ffffffff 41 0a0b0c0d'))).toEqual({
      kind: 'ask',
      packet: Buffer.concat([QUESTION, hex('0a0b0c0d')]),
    });
    const info = hex('ffffffff 49 11 5000 6d00 6700 6700 0000 03 10 01 64 6c 00 00 3100');
    expect(talk.hear(info)).toEqual(answer({ players: 3, playersMax: 16, bots: 1 }));
  });

  it.each([
    ['without a challenge', sourceInfo(counts)],
    ['with every extra', sourceInfo(counts, 'Harbour', everyExtra)],
    ['with extras that are cut off', sourceInfo(counts, 'Harbour', everyExtra.subarray(0, 5))],
    ['that ends after the counts', sourceInfo(counts).subarray(0, -13)],
    ['in GoldSource’s form', goldSourceInfo(counts)],
    ['of a mod in GoldSource’s form', goldSourceInfo(counts, true)],
    ['in GoldSource’s form that ends within the mod', goldSourceInfo(counts, true).subarray(0, -9)],
    ['with a name of 60,000 bytes', sourceInfo(counts, 'x'.repeat(60_000))],
  ])('accepts an answer %s', (_, packet) => expect(hear(packet)).toEqual(answer()));

  it('counts the bots in either form', () => {
    const some = { ...counts, bots: 2 };
    expect(hear(sourceInfo(some))).toEqual(answer(some));
    expect(hear(goldSourceInfo(some))).toEqual(answer(some));
    expect(hear(goldSourceInfo(some, true))).toEqual(answer(some));
  });

  it.each(['source', 'early source', 'goldsource'] as const)(
    'joins the parts of %s in any order, even if some arrive twice',
    (engine) => {
      const parts = split(engine, sourceInfo(counts), 20);
      expect(parts).toHaveLength(3);
      const [one, two, three] = parts as [Buffer, Buffer, Buffer];
      expect(hear(one, two)).toEqual({ kind: 'wait' });
      expect(hear(one, two, three)).toEqual(answer());
      expect(hear(three, three, one, two)).toEqual(answer());
      expect(hear(two, one, three)).toEqual(answer());
    },
  );

  it('does not mix the parts of two answers', () => {
    const early = split('source', sourceInfo({ ...counts, players: 9 }), 30, 1);
    const late = split('source', sourceInfo(counts), 30, 2);
    expect(hear(early[0]!, late[1]!)).toEqual({ kind: 'wait' });
    expect(hear(early[0]!, late[1]!, late[0]!)).toEqual(answer());
  });

  it.each([
    ['an unterminated text', sourceInfo(counts).subarray(0, 12), 'without an end'],
    ['an answer that ends before its counts', sourceInfo(counts).subarray(0, 31), 'too early'],
    ['an answer to another question', hex('ffffffff 44 00'), 'begins with 68'],
    ['unknown bytes', Buffer.from('hello'), 'is no packet of A2S'],
    ['nothing at all', Buffer.alloc(0), 'ends 4 bytes too early'],
    ['a bzip2-compressed answer', compressed[0]!, 'which Berth does not read'],
  ])('does not understand %s', (_, packet, reason) => {
    expect(() => hear(packet)).toThrow(Malformed);
    expect(() => hear(packet)).toThrow(reason);
  });

  it('gives up after five challenges or 32 parts', () => {
    const talk = new A2sConversation();
    const again = () => talk.hear(hex('ffffffff 41 00000000'));
    expect(Array.from({ length: 5 }, again)).toHaveLength(5);
    expect(again).toThrow('one challenge after the other');
    const part = split('source', sourceInfo(counts), 20)[0]!;
    expect(() => hear(...Array.from({ length: 33 }, () => part))).toThrow('more than 32 parts');
  });
});
