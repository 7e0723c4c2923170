import { computed, signal } from '@preact/signals';

const hash = signal(location.hash);
addEventListener('hashchange', () => (hash.value = location.hash));

/** The current page, from an address such as `#/slots/eu.m.1?status=allocated`. */
export const route = computed(() => {
  const [path = '', query = ''] = hash.value.replace(/^#\/?/, '').split('?');
  const [page = '', ...rest] = path.split('/');
  return { page, id: decoded(rest.join('/')), query: new URLSearchParams(query) };
});

/** A value of the filter in the address; empty if it has none. */
export const filterOf = (name: string) => route.value.query.get(name) ?? '';

/** Changes one value of the filter in the address, without a new entry in the browser's history. */
export function setFilter(name: string, value: string): void {
  const { page, id, query } = route.value;
  const next = new URLSearchParams(query);
  if (value === '') next.delete(name);
  else next.set(name, value);
  const text = next.toString();
  history.replaceState(null, '', linkTo(page, id) + (text === '' ? '' : `?${text}`));
  hash.value = location.hash;
}

export const linkTo = (page: string, id = '') =>
  `#/${page}${id === '' ? '' : `/${encodeURIComponent(id)}`}`;

/** An address that somebody typed may not be encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
