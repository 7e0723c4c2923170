/**
 * The library for matchmakers: asks Berth for game servers, over NATS or HTTP, and releases them.
 */
export { JsonText } from '#json';
export { NotPermitted } from '#kernel';
export type { Allocation, PublishedResult } from './allocation.js';
export { BerthClient } from './client.js';
export { CredentialsRefused, LoginInvalid, TlsRefused, type NatsLogin } from '#jetstream';
export { connectBerth, type ConnectBerth } from './connect.js';
export { decrypted } from './decrypted.js';
export { AllocationUncertain, AllocatorAbsent, NotAllowed, Refused } from './errors.js';
export { Gateway, type HttpAsked } from './http/gateway.js';
export { HttpTransport } from './http/http-transport.js';
export { FellBehind } from './inflow.js';
export type {
  AllocateOptions,
  ConnectOptions,
  DeallocateOptions,
  DirectOptions,
  PublishOptions,
  SizeOptions,
  WatchOptions,
} from './options.js';
export { isBefore, Publications, type PublicationDeps } from './publications.js';
export type { BerthEvent, Transport } from './transport.js';
