import { eventually } from './berth-dev.js';
import { Registry, SelfRegistered, type Answer } from './registry.js';

/** What the gateway answers about a registration. */
export interface Registered {
  readonly slot: string;
  readonly timeout: number;
  readonly error: string;
}

interface Allocated {
  readonly address: string;
  readonly ip: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly token: string;
  readonly payload: unknown;
  readonly error: string;
}

interface SlotEvent {
  readonly type: string;
  readonly data: { readonly reason?: string };
}

/** The region of the spec that runs. */
export const registry = new Registry();
const opened: SelfRegistered[] = [];
let addresses = 0;

/** Ends the region and all of its game servers. */
export async function dispose(): Promise<void> {
  for (const server of opened) server.close();
  await registry.dispose();
}

/** A game server with a callback. */
export async function aServer(): Promise<SelfRegistered> {
  const server = await new SelfRegistered().listen();
  opened.push(server);
  return server;
}

/** A new address, different for each test. */
export function anAddress(): string {
  addresses += 1;
  return `192.0.2.${(addresses >> 8) + 1}:${7_000 + addresses}`;
}

export const asked = (address: string, more: object = {}): Promise<Answer<Registered>> =>
  registry.ask('POST', '/servers', { address, priority: 0, region: 'local', ...more });

/** Waits until the server is offered: on a busy machine a registration is answered before. */
export async function register(address: string, more: object = {}): Promise<Answer<Registered>> {
  const answer = await asked(address, more);
  const { slot } = answer.body;
  if (answer.status < 300) {
    await eventually(async () => (await types(slot)).includes('ProcessStarted'), 20_000);
  }
  return answer;
}

export const keepAlive = (address: string, body: object = {}) =>
  registry.ask<Registered>('POST', `/servers/${address}/keepalive`, body);
export const deregister = (address: string) =>
  registry.ask<Registered>('DELETE', `/servers/${address}`);
export const allocate = (attributes: object, payload: object = {}) =>
  registry.ask<Allocated>('POST', '/allocate', { region: 'local', attributes, payload });

export async function history(slot: string): Promise<readonly SlotEvent[]> {
  const path = `/v1/slots/${slot}/events?limit=1000`;
  const { body } = await registry.ask<{ events: SlotEvent[] }>('GET', path);
  return body.events;
}

export const types = async (slot: string) => (await history(slot)).map(({ type }) => type);

/** The reason in the slot's last event, once that is its retirement. */
export async function retired(slot: string): Promise<string | undefined> {
  await eventually(async () => (await types(slot)).at(-1) === 'SlotRetired', 20_000);
  return (await history(slot)).at(-1)?.data.reason;
}
