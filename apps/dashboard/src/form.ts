/** The value of a field of the submitted form, or of the button that submitted it. */
export function textOf(event: SubmitEvent, name: string): string {
  const value = new FormData(event.currentTarget as HTMLFormElement, event.submitter).get(name);
  return typeof value === 'string' ? value : '';
}
