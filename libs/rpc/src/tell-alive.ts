import type { Bus, Cancel, Clock } from '#kernel';
import { ALIVE_MS, endpoints, type Alive, type Tokens } from '#wire';
import { tell } from './ask.js';

/** How often it is looked whether a service has become ready, or is so no longer (ms). */
const READINESS_MS = 250;

/**
 * Tells all gateways every two seconds that a service runs, and how it is, and soon after its
 * readiness has changed, until it is cancelled.
 */
export function tellAlive(
  { bus, clock }: { readonly bus: Bus; readonly clock: Clock },
  at: Tokens<typeof endpoints.alive.subject.text>,
  sign: () => Alive,
): Cancel {
  let wasReady = false;
  const beat = () => {
    const alive = sign();
    wasReady = isReady(alive);
    try {
      tell(bus, endpoints.alive, at, alive);
    } catch {
      // There is no connection to NATS. The next one is told two seconds later.
    }
  };
  beat();
  const cancels = [
    clock.every(ALIVE_MS, beat),
    clock.every(READINESS_MS, () => {
      if (isReady(sign()) !== wasReady) beat();
    }),
  ];
  return () => cancels.forEach((cancel) => cancel());
}

function isReady({ notReadyBecause }: Alive): boolean {
  return notReadyBecause === null;
}
