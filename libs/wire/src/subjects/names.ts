import { TOKEN } from '#kernel';
import type { SlotRef } from '#slot';
import { SubjectTemplate } from './subject-template.js';

/** Names one fleet in one region. */
export interface FleetRef {
  readonly region: string;
  readonly fleet: string;
}

/** Names one build, or one build configuration, in one region. */
export interface NamedInRegion {
  readonly region: string;
  readonly name: string;
}

/** Names in APIs are built like subjects. */
const slots = new SubjectTemplate('<region>.<agent>.<slot>');
const agents = new SubjectTemplate('<region>.<agent>');
const fleets = new SubjectTemplate('<region>.<fleet>');
const named = new SubjectTemplate('<region>.<name>');

/** A slot's name in APIs: `region.agent.slot`. */
export function slotName({ region, agent, slot }: SlotRef): string {
  return `${region}.${agent}.${slot}`;
}

/** Undefined if `name` cannot be the name of a slot. */
export function slotNamed(name: string): SlotRef | undefined {
  return ifTokens(slots.match(name));
}

/** An agent's name in APIs: `region.agent`. */
export function agentName({ region, agent }: Omit<SlotRef, 'slot'>): string {
  return `${region}.${agent}`;
}

/** Undefined if `name` cannot be the name of an agent. */
export function agentNamed(name: string): Omit<SlotRef, 'slot'> | undefined {
  return ifTokens(agents.match(name));
}

/** A fleet's name in APIs: `region.fleet`. */
export function fleetName({ region, fleet }: FleetRef): string {
  return `${region}.${fleet}`;
}

/** Undefined if `name` cannot be the name of a fleet that has a size. */
export function fleetNamed(name: string): FleetRef | undefined {
  return ifTokens(fleets.match(name));
}

/** The name of a build or build configuration in APIs: `region.name`. */
export function nameInRegion({ region, name }: NamedInRegion): string {
  return `${region}.${name}`;
}

/** Undefined if `id` cannot be the name of a build or build configuration. */
export function namedInRegion(id: string): NamedInRegion | undefined {
  return ifTokens(named.match(id));
}

function ifTokens<T extends object>(tokens: T | undefined): T | undefined {
  return tokens !== undefined && Object.values(tokens).every((token) => TOKEN.test(String(token)))
    ? tokens
    : undefined;
}
