export { type Ended } from './allocations.js';
export { Pool, type Present } from './pool.js';
export { fits, type Wish } from './wish.js';
