/** Why something is done: it is kept in the history. */
export function Reason() {
  return (
    <label>
      Reason <input name="reason" required maxLength={200} />
    </label>
  );
}
