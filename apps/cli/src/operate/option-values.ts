import { TOKEN } from '#wire';
import { InvalidArgumentError } from 'commander';

/** A list that is typed as one word, comma separated. */
export function listed(text: string): readonly string[] {
  return text.split(',').map((one) => one.trim());
}

export function regionsIn(text: string): readonly string[] {
  const regions = listed(text);
  if (regions.every((region) => TOKEN.test(region))) return regions;
  throw new InvalidArgumentError('must be names of regions, comma separated');
}

export function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number, 0 or more');
}
