export type { Allocation, Json } from './allocation.js';
export { connect, type BerthServer, type ConnectOptions } from './berth-server.js';
export { BerthAway, BerthRefused } from './errors.js';
