import { printJson } from '#json';
import { fillTemplate, readTemplate, type PayloadFile, type TemplateValues } from '#build';
import { TransientError } from '#kernel';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Writes the filled-in template or, without a template, `{"payload": ..., "token": ...}` as
 * GameFabric's sidecar does. The file appears complete or not at all. Throws `TransientError`.
 *
 * @param home the folder that relative paths start from
 */
export async function writePayload(
  { path, mode, template }: PayloadFile,
  home: string,
  values: TemplateValues,
): Promise<void> {
  const target = resolve(home, path);
  const text = textOf(template, values);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(`${target}.new`, text, { mode: 0o600 });
    // `writeFile` would apply the umask of the agent's process to the mode; `chmod` does not.
    await chmod(`${target}.new`, Number.parseInt(mode, 8));
    await rename(`${target}.new`, target);
  } catch (cause) {
    throw new TransientError(`the payload file ${path} cannot be written`, { cause });
  }
}

/**
 * Removes the file at the end of a session: its token is no longer valid, and the next session has
 * another one.
 */
export async function removePayload({ path }: PayloadFile, home: string): Promise<void> {
  await rm(resolve(home, path), { force: true });
}

function textOf(template: string | null, values: TemplateValues): string {
  const { payload, token } = values;
  if (template === null) return printJson({ payload, token });
  const read = readTemplate(template);
  // An allocator of a later version may have accepted a template that this agent cannot read.
  if ('code' in read) throw new TransientError(`the payload file's template: ${read.message}`);
  return fillTemplate(read, values);
}
