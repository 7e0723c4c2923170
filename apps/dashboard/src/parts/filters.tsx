import type { ComponentChildren } from 'preact';
import { filterOf, setFilter } from '../route.js';

/** The filters of a list. They are part of the page's address, so that a link to it can be sent. */
export function Filters({ children }: { readonly children: ComponentChildren }) {
  return (
    <form class="filter" onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}

interface FilterProps {
  /** Its name in the address. */
  readonly name: string;
  readonly title: string;
}

/** Filters by what is typed, with each letter. */
export function TextFilter({ name, title }: FilterProps) {
  return (
    <label>
      {title}{' '}
      <input
        type="search"
        value={filterOf(name)}
        onInput={(event) => setFilter(name, event.currentTarget.value)}
      />
    </label>
  );
}

interface ChoiceProps extends FilterProps {
  /** Value and text of each; the first is the default, and may have an empty value. */
  readonly choices: readonly (readonly [value: string, text: string])[];
}

export function ChoiceFilter({ name, title, choices }: ChoiceProps) {
  return (
    <label>
      {title}{' '}
      <select
        value={filterOf(name)}
        onChange={(event) => setFilter(name, event.currentTarget.value)}
      >
        {choices.map(([value, text]) => (
          <option value={value}>{text}</option>
        ))}
      </select>
    </label>
  );
}
