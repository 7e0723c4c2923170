import { regions } from '../live.js';
import { filterOf } from '../route.js';
import { ChoiceFilter } from './filters.js';

/** Chooses the region of a list that is read region by region; nothing if there is only one. */
export function RegionFilter() {
  if (regions.value.length < 2) return null;
  const choices = regions.value.map((name, index) => [index === 0 ? '' : name, name] as const);
  return <ChoiceFilter name="region" title="Region" choices={choices} />;
}

/** The chosen region; empty until one is known. */
export const chosenRegion = () => filterOf('region') || (regions.value[0] ?? '');
