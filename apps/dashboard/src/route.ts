import { computed, signal } from '@preact/signals';

const hash = signal(location.hash);
addEventListener('hashchange', () => (hash.value = location.hash));

/** The current page, from an address such as `#/slots/eu.m.1?status=allocated`. */
export const route = computed(() => {
  const [path = '', query = ''] = hash.value.replace(/^#\/?/, '').split('?');
  const [page = '', ...rest] = path.split('/');
  return { page, id: decodeURIComponent(rest.join('/')), query: new URLSearchParams(query) };
});

/** Changes one value of the filter in the address, without a new entry in the browser's history. */
export function setQuery(name: string, value: string): void {
  const { page, query } = route.value;
  const next = new URLSearchParams(query);
  if (value === '') next.delete(name);
  else next.set(name, value);
  const text = next.toString();
  history.replaceState(null, '', `#/${page}${text === '' ? '' : `?${text}`}`);
  hash.value = location.hash;
}

export const linkTo = (page: string, id = '') =>
  `#/${page}${id === '' ? '' : `/${encodeURIComponent(id)}`}`;
