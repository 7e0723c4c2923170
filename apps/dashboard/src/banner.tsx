import { liveness, trouble } from './live.js';

/** Shows whether the displayed state is up to date. */
export function Banner() {
  const said = {
    live: 'live',
    stale: 'stale: nothing was heard for 20 s',
    reconnecting: `reconnecting${trouble.value === '' ? '' : `: ${trouble.value}`}`,
  };
  return (
    <p class={`banner ${liveness.value}`} role="status">
      {said[liveness.value]}
    </p>
  );
}
