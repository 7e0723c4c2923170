import type { Bus, Cancel, Clock } from '#kernel';
import { ALIVE_MS, endpoints, type Alive, type Tokens } from '#wire';
import { tell } from './ask.js';

/** Tells all gateways every two seconds that a service runs, and how it is, until it is cancelled. */
export function tellAlive(
  { bus, clock }: { readonly bus: Bus; readonly clock: Clock },
  at: Tokens<typeof endpoints.alive.subject.text>,
  sign: () => Alive,
): Cancel {
  const beat = () => {
    try {
      tell(bus, endpoints.alive, at, sign());
    } catch {
      // There is no connection to NATS. The next one is told two seconds later.
    }
  };
  beat();
  return clock.every(ALIVE_MS, beat);
}
