import { slots } from '../../live.js';

/** Number of slots with a process that runs the build configuration `region.name`. */
export function runningOn(id: string): number {
  return [...slots.value.values()].filter(
    ({ region, process }) => process !== null && `${region}.${process.buildConfiguration}` === id,
  ).length;
}
