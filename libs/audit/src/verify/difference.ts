/**
 * Where two documents differ first, as a path of names: `context.fence`. Empty where they are equal.
 * Values are not told: there may be tokens and payloads among them.
 */
export function differsAt(one: unknown, other: unknown, path = ''): string {
  if (!isHolder(one) || !isHolder(other)) return one === other ? '' : path || 'all of it';
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const inner = differsAt(one[key], other[key], path === '' ? key : `${path}.${key}`);
    if (inner !== '') return inner;
  }
  return '';
}

type Holder = Readonly<Record<string, unknown>>;

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}
