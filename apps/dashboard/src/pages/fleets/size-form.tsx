import { queryOf } from '../../api.js';
import { Count } from '../../parts/count.js';
import { ReasonForm, type Why } from '../../parts/reason-form.js';
import type { FleetFormProps } from './fleet-form.js';

/** Sets the size of a fleet, or removes it. */
export function SizeForm({ fleet, change }: FleetFormProps) {
  const { size, allocated, warm, cold } = fleet;
  const submit = (why: Why, field: (name: string) => string) => {
    if (field('action') === 'remove') return change('DELETE', `?${queryOf({ ...why })}`);
    const count = (name: string) => Number(field(name));
    const counts = { minAvailable: count('min'), max: count('max'), buffer: count('buffer') };
    change('PUT', '', { ...counts, ...why });
  };
  return (
    <>
      <h2>Size</h2>
      <ReasonForm
        buttons={
          <>
            <button>Set the size</button>
            {size !== null && (
              <button name="action" value="remove">
                Remove the size
              </button>
            )}
          </>
        }
        submit={submit}
      >
        <Count name="min" title="Warm at least" value={size?.minAvailable ?? 0} />
        <Count name="buffer" title="Warm ahead of demand" value={size?.buffer ?? 0} />
        <Count
          name="max"
          title="Sessions and warm slots at most"
          value={size?.max ?? allocated + warm + cold}
        />
      </ReasonForm>
    </>
  );
}
