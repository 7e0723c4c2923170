import { linkTo } from '../../route.js';
import type { Refusal } from '../../types.js';

/** The refusals of the last day, by code. */
export function Refused({ all }: { readonly all: readonly Refusal[] }) {
  const byCode = [...Map.groupBy(all, ({ code }) => code)];
  if (byCode.length === 0) return null;
  return (
    <>
      <h2>
        <a href={linkTo('refusals')}>Refused in the last day</a>
      </h2>
      <ul>
        {byCode.map(([code, own]) => (
          <li key={code}>
            <a href={`#/refusals?code=${code}`}>
              <strong>{own.length}</strong> {code}
            </a>
            : {own[0]?.message} (last{' '}
            <a href={linkTo('allocations', own[0]?.allocationId)}>{own[0]?.allocationId}</a>)
          </li>
        ))}
      </ul>
    </>
  );
}
