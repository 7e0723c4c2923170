import { findingsOf, type Seen } from '#diagnosis';
import { Linked } from '../../parts/linked.js';

/** What is wrong, and what to do about it. */
export function Wrong({ seen }: { readonly seen: Seen }) {
  const { wrong } = findingsOf(seen);
  if (wrong.length === 0) return <p>Nothing is wrong.</p>;
  return (
    <ul>
      {wrong.map(({ what, remedy }) => (
        <li key={what}>
          <strong class="lost">
            <Linked text={what} />
          </strong>
          <br />
          <Linked text={remedy} />
        </li>
      ))}
    </ul>
  );
}
