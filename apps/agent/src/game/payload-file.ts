import { printJson } from '#json';
import { fillTemplate, readTemplate, type PayloadFile, type TemplateValues } from '#build';
import { TransientError } from '#kernel';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Writes what the template makes of it, or `{"payload": ..., "token": ...}`, as GameFabric's sidecar
 * does where it has none; whole or not at all. Throws `TransientError`.
 *
 * @param home of relative paths
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
    // Not at its creation, where the mask of the agent's own process would narrow it.
    await chmod(`${target}.new`, Number.parseInt(mode, 8));
    await rename(`${target}.new`, target);
  } catch (cause) {
    throw new TransientError(`the payload file ${path} cannot be written`, { cause });
  }
}

/** Its token is of no use any more; the next session has another. */
export async function removePayload({ path }: PayloadFile, home: string): Promise<void> {
  await rm(resolve(home, path), { force: true });
}

function textOf(template: string | null, values: TemplateValues): string {
  const { payload, token } = values;
  if (template === null) return printJson({ payload, token });
  const read = readTemplate(template);
  // Set by an allocator that understands more of templates than this agent.
  if ('code' in read) throw new TransientError(`the payload file's template: ${read.message}`);
  return fillTemplate(read, values);
}
