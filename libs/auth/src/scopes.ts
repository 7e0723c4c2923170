/** What a token may allow, and what each scope covers. None includes another. */
export const SCOPES = {
  allocate: 'ask for game servers, look at allocations with their payloads, end them',
  register: 'register game servers, keep them alive, take them back',
  observe: 'read slots, agents, fleets, builds and allocations, without payloads',
  operate: 'drain, retire and restart slots, size fleets, end sessions',
  deploy: 'change what runs: build configurations, builds, and what fleets are given of them',
  audit: 'read events and histories without payloads',
} as const;

export type Scope = keyof typeof SCOPES;

export const SCOPE_NAMES = Object.keys(SCOPES) as [Scope, ...Scope[]];

/** The scopes of a file of version 1, and what each of them means now. */
const MEANINGS = {
  allocate: ['allocate'],
  register: ['register'],
  operate: ['observe', 'operate', 'deploy'],
  audit: ['audit'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

export type FirstScope = keyof typeof MEANINGS;

export const FIRST_SCOPE_NAMES = Object.keys(MEANINGS) as [FirstScope, ...FirstScope[]];

/** What a token may do that was made before `operate` was split. */
export function scopesNow(scopes: readonly FirstScope[]): readonly Scope[] {
  return [...new Set(scopes.flatMap((scope) => MEANINGS[scope]))];
}
