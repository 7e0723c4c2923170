import { textOf } from '../../form.js';
import { Count } from '../../parts/count.js';
import { Reason } from '../../parts/reason.js';
import type { FleetFormProps } from './fleet-form.js';

/** Sets the size of a fleet, or removes it. */
export function SizeForm({ fleet: { size }, change }: FleetFormProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const reason = textOf(event, 'reason');
    if (textOf(event, 'action') === 'remove') {
      change('DELETE', `?${new URLSearchParams({ reason, by: 'dashboard' }).toString()}`);
      return;
    }
    const count = (name: string) => Number(textOf(event, name));
    const counts = { minAvailable: count('min'), max: count('max'), buffer: count('buffer') };
    change('PUT', '', { ...counts, reason, by: 'dashboard' });
  };
  return (
    <>
      <h2>Size</h2>
      <form class="panel" onSubmit={submit}>
        <Count name="min" title="Warm at least" value={size?.minAvailable ?? 0} />
        <Count name="buffer" title="Warm ahead of demand" value={size?.buffer ?? 0} />
        <Count name="max" title="Sessions and warm slots at most" value={size?.max ?? 0} />
        <Reason />
        <button>Set the size</button>
        {size !== null && (
          <button name="action" value="remove">
            Remove the size
          </button>
        )}
      </form>
    </>
  );
}
