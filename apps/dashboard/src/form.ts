/** What was typed into a field of the form that is sent, or the button that sent it. */
export function textOf(event: SubmitEvent, name: string): string {
  const value = new FormData(event.currentTarget as HTMLFormElement, event.submitter).get(name);
  return typeof value === 'string' ? value : '';
}
