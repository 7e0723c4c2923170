import type { Fleet } from '../../types.js';

export const sizeOf = ({ size }: Fleet) =>
  size === null ? 'as its agents are set' : `${size.minAvailable} to ${size.max}`;

export const rolloutOf = ({ rollout }: Fleet) =>
  rollout === null
    ? ''
    : `${rollout.done} done, ${rollout.changing} changing, ${rollout.waiting} waiting, ${rollout.failed} failed`;
