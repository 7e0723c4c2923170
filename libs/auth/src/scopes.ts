/** What a token may allow, and what each scope covers. */
export const SCOPES = {
  allocate: 'ask for game servers, look at allocations with their payloads, end them',
  register: 'register game servers, keep them alive, take them back',
  operate: 'read slots, agents, fleets and allocations without payloads; drain, size, release',
  audit: 'read events and histories without payloads',
} as const;

export type Scope = keyof typeof SCOPES;

export const SCOPE_NAMES = Object.keys(SCOPES) as [Scope, ...Scope[]];
