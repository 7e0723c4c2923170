import { expect, it } from '@jest/globals';
import { endWhenGivenUp } from './connect-service.js';

const after = async (closed: void | Error) => {
  const acts: string[] = [];
  const logger = { fatal: (_: object, text: string) => void acts.push(text) };
  await endWhenGivenUp({ closed: () => Promise.resolve(closed) }, logger as never, () =>
    acts.push('ends'),
  );
  return acts;
};

it('A service ends when its connection is given up, and not when it closes it itself', async () => {
  expect(await after(new Error('no server'))).toEqual([
    'the connection to NATS is given up: this service ends',
    'ends',
  ]);
  expect(await after()).toEqual([]);
});
