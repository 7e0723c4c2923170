import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** A list of at most this many rows is drawn whole. */
const WHOLE_MAX = 100;

/** How many rows are drawn above and below the window; the drawn part moves by as many at a time. */
const MARGIN = 20;

/** Which rows are drawn, and the height (px) of those above and below that are not. */
interface Rows {
  readonly first: number;
  readonly last: number;
  readonly above: number;
  readonly below: number;
}

/** What was measured: the mean height (px) of a row, and what of the list is in the window. */
interface Seen {
  readonly first: number;
  readonly inWindow: number;
  readonly rowPx: number;
  /** Width (px) of the window then: heights depend on it. */
  readonly widthPx: number;
}

const UNSEEN: Seen = { first: 0, inWindow: MARGIN, rowPx: 0, widthPx: 0 };

/** Of a long list, only the rows near the window are drawn, however far it is scrolled. */
export function useRows(count: number, list: RefObject<HTMLElement | null>): Rows {
  const [seen, setSeen] = useState(UNSEEN);
  const isWhole = count <= WHOLE_MAX;
  useLayoutEffect(() => {
    if (isWhole) return;
    const look = () => setSeen((before) => (list.current ? lookAt(list.current, before) : before));
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [isWhole, list]);
  if (isWhole) return { first: 0, last: count - 1, above: 0, below: 0 };
  const first = Math.min(seen.first, Math.max(0, count - seen.inWindow));
  const last = Math.min(count - 1, first + seen.inWindow + 3 * MARGIN);
  const { rowPx } = seen;
  return { first, last, above: first * rowPx, below: (count - 1 - last) * rowPx };
}

/** The same object if nothing has changed, so that nothing is drawn again. */
function lookAt(list: HTMLElement, before: Seen): Seen {
  const rowPx = before.widthPx === innerWidth ? before.rowPx : meanHeight(list);
  const rowsAbove = Math.max(0, -list.getBoundingClientRect().top / rowPx);
  const first = Math.max(0, Math.floor(rowsAbove / MARGIN) - 1) * MARGIN;
  const inWindow = Math.ceil(innerHeight / rowPx);
  const isSame = first === before.first && inWindow === before.inWindow && rowPx === before.rowPx;
  return isSame ? before : { first, inWindow, rowPx, widthPx: innerWidth };
}

function meanHeight(list: HTMLElement): number {
  const drawn = [...list.children].filter(({ className }) => className !== 'space');
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (first === undefined || last === undefined) return 1;
  const px = last.getBoundingClientRect().bottom - first.getBoundingClientRect().top;
  return Math.max(1, px / drawn.length);
}
