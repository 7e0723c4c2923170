import { Exclusion } from '../builds/exclusion.js';
import { filesIn, type FolderFile } from '../builds/folder.js';
import type { Plan, Step } from './plan.js';

/**
 * Checks the folders that are to be pushed; returns what is wrong, as texts. It runs before the
 * first step, because a missing folder (`FolderFailure`) would stop the import halfway.
 */
export async function survey({ steps }: Plan): Promise<readonly string[]> {
  const notes = new Set<string>();
  for (const step of steps) {
    if (step.kind !== 'push') continue;
    const exclusion = new Exclusion(step.exclude.flatMap(({ patterns }) => patterns));
    const files = await filesIn(step.folder, exclusion);
    for (const { path, patterns } of step.exclude) {
      const isIdle = patterns.every((one) => one.startsWith('!') || exclusion.idle.includes(one));
      if (isIdle) notes.add(`build ${step.build}: excludePaths: nothing is left out by ${path}`);
    }
    for (const note of executables(step, steps, files)) notes.add(note);
  }
  return [...notes];
}

function executables(
  { region, name, build }: Extract<Step, { readonly kind: 'push' }>,
  steps: readonly Step[],
  files: readonly FolderFile[],
): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'set' || step.region !== region) return [];
    const { executable, build: its } = step.configuration;
    if (its?.name !== name) return [];
    const file = files.find(({ path }) => path === executable);
    const what = `build configuration ${step.name} runs ${executable}, which`;
    if (file === undefined) return [`${what} is not among the files of build ${build}`];
    const mayRun = (file.mode & 0o100) !== 0;
    return mayRun ? [] : [`${what} may not be executed: chmod +x ${file.place}, then import again`];
  });
}
