import type { Fleet } from '../../types.js';

/** How far a rollout is: slots that run it already, change now, wait, or failed to start it. */
export function Rollout({ rollout }: { readonly rollout: NonNullable<Fleet['rollout']> }) {
  const { version, done, changing, waiting, failed } = rollout;
  return (
    <>
      <progress
        value={done}
        max={done + changing + waiting + failed || 1}
        aria-label="Slots that run it"
      />{' '}
      version {version}: {done} done, {changing} changing, {waiting} waiting,{' '}
      <span class={failed > 0 ? 'lost' : ''}>{failed} failed</span>
    </>
  );
}
