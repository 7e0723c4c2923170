import type { ComponentChildren } from 'preact';

interface FactsProps {
  /** By name; what is empty is left out. */
  readonly of: Readonly<Record<string, ComponentChildren>>;
}

/** What is known of one thing: names and values. */
export function Facts({ of }: FactsProps) {
  const known = Object.entries(of).filter(([, value]) => !isEmpty(value));
  return <dl>{known.flatMap(([name, value]) => [<dt>{name}</dt>, <dd>{value}</dd>])}</dl>;
}

function isEmpty(value: ComponentChildren): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === false || value === '';
}
