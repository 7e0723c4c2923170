/** Who asked for something, as far as the door that it came through has checked it. */
export interface Signature {
  /** The name of the access token, or of the credential. */
  readonly token: string;
  /** The project that it is of; null if it is of none. */
  readonly project: string | null;
  /** The API, or the bus, through which the request came. */
  readonly face: string;
  /** What the requester calls itself; null if it does not say. */
  readonly name: string | null;
}

/**
 * The one text by which the log names a requester: `lobby (gamefabric)`, `lobby (acme, api): queue
 * 7`. The name after the colon is the requester's own, and was not checked.
 */
export function signatureOf({ token, project, face, name }: Signature): string {
  const door = project === null ? face : `${project}, ${face}`;
  return `${token} (${door})${name === null ? '' : `: ${name}`}`;
}

/**
 * Reads the text again; null if it is none: nothing was checked, or it was recorded by a version up
 * to 0.2.
 */
export function signatureIn(text: string): Signature | null {
  const [, token, project, face, name] =
    /^(.*?) \((?:([a-z0-9-]+), )?([a-z]+)\)(?:: (.*))?$/s.exec(text) ?? [];
  if (token === undefined || face === undefined) return null;
  return { token, project: project ?? null, face, name: name ?? null };
}

/**
 * The name of the access token in what is recorded of who asked. Versions up to 0.2 wrote `token: name`,
 * and what came without a token is the name that the requester gave itself.
 */
export function askerIn(requestedBy: string): string {
  return signatureIn(requestedBy)?.token ?? requestedBy.split(': ', 1)[0] ?? '';
}

/** Which requesters are wanted; what is undefined excludes none. */
export interface AskerFilter {
  /** The name of an access token, or all that was recorded of who asked. */
  readonly by?: string | undefined;
  readonly project?: string | undefined;
  readonly face?: string | undefined;
}

export function isAskedBy(requestedBy: string, { by, project, face }: AskerFilter): boolean {
  if (by !== undefined && requestedBy !== by && askerIn(requestedBy) !== by) return false;
  if (project === undefined && face === undefined) return true;
  const signature = signatureIn(requestedBy);
  return (
    (project === undefined || signature?.project === project) &&
    (face === undefined || signature?.face === face)
  );
}
