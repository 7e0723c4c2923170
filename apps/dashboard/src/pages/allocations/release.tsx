import { queryOf, send } from '../../api.js';
import { ReasonForm } from '../../parts/reason-form.js';
import { useAction } from '../../parts/use-action.js';

/** Ends a session, with a reason that is kept. */
export function Release({ id }: { readonly id: string }) {
  const { said, act } = useAction();
  return (
    <ReasonForm
      buttons={<button>Release</button>}
      said={said}
      submit={({ reason }) => act(release(id, reason))}
    />
  );
}

/** Resolves with what came of it, in a word. */
export async function release(id: string, reason: string): Promise<string> {
  await send('DELETE', `/v1/allocations/${encodeURIComponent(id)}?${queryOf({ reason })}`);
  return 'released';
}
