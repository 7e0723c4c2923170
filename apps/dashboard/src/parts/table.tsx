import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useRows } from './use-rows.js';

interface TableProps<T> {
  /** What the table holds, for screen readers. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly cells: (item: T) => readonly ComponentChildren[];
}

/**
 * A table with any number of rows. On a narrow screen each row becomes a card with the columns' names
 * in it.
 */
export function Table<T>({ title, columns, items, keyOf, cells }: TableProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, last, above, below } = useRows(items.length, body);
  return (
    <div class="table">
      <table aria-label={title} aria-rowcount={items.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Space height={above} />
          {items.slice(first, last + 1).map((item, index) => (
            <tr key={keyOf(item)} aria-rowindex={first + index + 2}>
              {cells(item).map((cell, column) => (
                <td data-label={columns[column]}>{cell}</td>
              ))}
            </tr>
          ))}
          <Space height={below} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for rows that are not drawn. */
function Space({ height }: { readonly height: number }) {
  return height <= 0 ? null : (
    <tr class="space" aria-hidden="true" style={{ height: `${height}px` }} />
  );
}
