import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** How many rows are drawn at first; a button draws more. */
const ROWS = 200;

interface TableProps<T> {
  /** What the table holds, for screen readers. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly cells: (item: T) => readonly ComponentChildren[];
}

/**
 * A table with many rows. On a narrow screen each row becomes a card with the columns' names in it.
 */
export function Table<T>({ title, columns, items, keyOf, cells }: TableProps<T>) {
  const [shown, setShown] = useState(ROWS);
  return (
    <>
      <table aria-label={title}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.slice(0, shown).map((item) => (
            <tr key={keyOf(item)}>
              {cells(item).map((cell, index) => (
                <td data-label={columns[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > shown && (
        <button onClick={() => setShown(shown + ROWS)}>
          Show more: {shown} of {items.length}
        </button>
      )}
    </>
  );
}

/** The name of a state, in its colour. */
export function State({ name }: { readonly name: string }) {
  return <span class={`state ${name}`}>{name}</span>;
}
