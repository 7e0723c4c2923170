import { createHash } from 'node:crypto';

const HASH_LENGTH = 10;

/**
 * Names of slots, never the same twice: told apart by the registrar's start, and by a counter within
 * it. That they begin alike for the same address helps whoever reads the log.
 */
export function slotNames(incarnation: number): (address: string) => string {
  let count = 0;
  return (address) => {
    count += 1;
    const hash = createHash('sha256').update(address).digest('hex').slice(0, HASH_LENGTH);
    return [hash, incarnation.toString(36), count.toString(36)].join('-');
  };
}
