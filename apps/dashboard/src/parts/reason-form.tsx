import type { ComponentChildren } from 'preact';
import { textOf } from '../form.js';

/** Why a change is wanted, and by whom: both are kept in the history. */
export interface Why {
  readonly reason: string;
  readonly by: string;
}

interface ReasonFormProps {
  /** Fields that say what is wanted. */
  readonly children?: ComponentChildren;
  readonly buttons: ComponentChildren;
  /** What came of it. */
  readonly said?: string;
  /** @param field the value of another field, or of the button that was pressed */
  readonly submit: (why: Why, field: (name: string) => string) => void;
}

/** Changes something, with a reason. */
export function ReasonForm({ children, buttons, said, submit }: ReasonFormProps) {
  const submitted = (event: SubmitEvent) => {
    event.preventDefault();
    const field = (name: string) => textOf(event, name);
    submit({ reason: field('reason'), by: 'dashboard' }, field);
  };
  return (
    <form class="panel" onSubmit={submitted}>
      {children}
      <label>
        Reason <input name="reason" required maxLength={200} />
      </label>
      {buttons}
      {said !== undefined && <output>{said}</output>}
    </form>
  );
}
