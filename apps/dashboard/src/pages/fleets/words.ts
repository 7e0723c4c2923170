import type { Fleet } from '../../types.js';

export const sizeOf = ({ size }: Fleet) =>
  size === null
    ? 'as its agents are set'
    : `${size.minAvailable} warm at least, ${size.buffer} ahead, ${size.max} at most`;

/** The id of the build configuration that the fleet runs. */
export const configurationOf = ({ id, buildConfiguration }: Fleet) =>
  `${id.slice(0, id.indexOf('.'))}.${buildConfiguration}`;
