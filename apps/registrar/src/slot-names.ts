import { createHash } from 'node:crypto';

const HASH_LENGTH = 10;

/**
 * Returns a function that makes names of slots. No name is used twice: it holds the registrar's
 * incarnation and a counter. Names for the same address begin with the same hash, which helps
 * readers of the log.
 */
export function slotNames(incarnation: number): (address: string) => string {
  let count = 0;
  return (address) => {
    count += 1;
    const hash = createHash('sha256').update(address).digest('hex').slice(0, HASH_LENGTH);
    return [hash, incarnation.toString(36), count.toString(36)].join('-');
  };
}
