import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sqpAnswer, sqpChallenge } from '../test/support/sqp-servers.js';
import { A2sConversation } from './a2s.js';
import { Malformed } from './bytes.js';
import { SqpConversation } from './sqp.js';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');
const answer = (players: number, playersMax = 16) => ({
  kind: 'answer',
  players: { players, playersMax, bots: 0 },
});

describe('A conversation in SQP', () => {
  it('is: challenge, query, answer', () => {
    const talk = new SqpConversation();
    expect(talk.opening).toEqual(hex('00 00000000'));
    expect(talk.hear(hex('00 01020304'))).toEqual({
      kind: 'ask',
      packet: hex('01 01020304 0001 01'),
    });
    const packet = hex(
      '01 01020304 0001 00 00 0017 00000013 0003 0010 04 50696572 03 637466 01 37 01 6d 1b58',
    );
    expect(talk.hear(packet)).toEqual(answer(3));
  });

  it('joins an answer from several packets, in whatever order they come', () => {
    const talk = new SqpConversation();
    talk.hear(hex('00 00000009'));
    expect(talk.hear(hex('01 00000009 0001 01 01 0003 05 0010'))).toEqual({ kind: 'wait' });
    expect(talk.hear(hex('01 00000009 0001 01 01 0003 05 0010'))).toEqual({ kind: 'wait' });
    expect(talk.hear(hex('01 00000009 0001 00 01 0005 00000004 00'))).toEqual(answer(5));
  });

  it('accepts an answer to any challenge that it was given, however late', () => {
    const talk = new SqpConversation();
    talk.hear(hex('00 00000009'));
    expect(() => talk.hear(hex('01 00000008 0001 00 00 0000'))).toThrow('another challenge');
    talk.hear(hex('00 0000000a'));
    const late = sqpAnswer(9, { players: 2, playersMax: 16 })[0]!;
    expect(talk.hear(late)).toEqual(answer(2));
  });

  it('does not mix the parts of two answers', () => {
    const talk = new SqpConversation();
    const [first] = sqpAnswer(9, { players: 2, playersMax: 16 }, { bytes: 20 });
    const [, second] = sqpAnswer(10, { players: 3, playersMax: 16 }, { bytes: 20 });
    talk.hear(sqpChallenge(9));
    expect(talk.hear(first!)).toEqual({ kind: 'wait' });
    talk.hear(sqpChallenge(10));
    expect(talk.hear(second!)).toEqual({ kind: 'wait' });
  });

  it('ends if one challenge follows another', () => {
    const talk = new SqpConversation();
    for (let challenge = 1; challenge <= 5; challenge += 1) talk.hear(sqpChallenge(challenge));
    expect(() => talk.hear(sqpChallenge(6))).toThrow('one challenge after the other');
  });

  it('reads every count', () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.nat(65_535), (players, playersMax) => {
        const talk = new SqpConversation();
        talk.hear(sqpChallenge(7));
        const packet = sqpAnswer(7, { players, playersMax })[0]!;
        expect(talk.hear(packet)).toEqual(answer(players, playersMax));
      }),
    );
  });
});

describe('Arbitrary bytes', () => {
  const starts = [
    '',
    '00',
    '01',
    '00000000 00',
    '01 00000000 0001',
    'ffffffff 49',
    'ffffffff 6d',
    'ffffffff 41',
    'feffffff 00000001',
    'feffffff 00000001 02 00 00 00 ffffffff 49',
  ];
  const packets = fc
    .tuple(fc.constantFrom(...starts.map(hex)), fc.uint8Array({ maxLength: 64 }))
    .map(([start, rest]) => Buffer.concat([start, rest]));

  it.each([
    ['SQP', () => new SqpConversation()],
    ['A2S', () => new A2sConversation()],
  ])('are either understood in %s or malformed', (_, begin) => {
    fc.assert(
      fc.property(fc.array(packets, { maxLength: 6 }), (heard) => {
        const talk = begin();
        for (const packet of heard) {
          try {
            talk.hear(packet);
          } catch (error) {
            if (!(error instanceof Malformed)) throw error;
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
