import { findingsOf, type Seen } from '#diagnosis';

/** What is wrong, and what to do about it. */
export function Wrong({ seen }: { readonly seen: Seen }) {
  const { wrong } = findingsOf(seen);
  if (wrong.length === 0) return <p>Nothing is wrong.</p>;
  return (
    <ul>
      {wrong.map(({ what, remedy }) => (
        <li key={what}>
          <strong class="lost">{what}</strong>
          <br />
          {remedy}
        </li>
      ))}
    </ul>
  );
}
