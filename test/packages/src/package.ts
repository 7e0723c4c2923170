import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import typescript from 'typescript';
import { z } from 'zod';

/** A lib that users install, and its description. */
export interface Package {
  readonly lib: string;
  readonly name: string;
  readonly description: string;
}

/** All packages. */
export const PACKAGES: readonly Package[] = [
  {
    lib: 'client',
    name: '@berth/client',
    description: 'Asks Berth for game servers, over NATS or HTTP, and gives them back.',
  },
  {
    lib: 'sdk',
    name: '@berth/sdk',
    description: 'Tells Berth what a game server does, and the game server of its sessions.',
  },
];

const rootPackage = z.object({
  version: z.string(),
  license: z.string(),
  engines: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
});

/** A compiled file imports something that none of the root's dependencies provides. */
class NotProvided extends Error {
  override readonly name = 'NotProvided';
}

/**
 * Writes a package into a folder: the compiled lib, the libs it imports, and their types. The libs
 * still refer to each other by `#name`, which the package maps to its own folders.
 *
 * @param root the project's root, which must be built
 */
async function writePackage(
  root: string,
  { lib, name, description }: Package,
  folder: string,
): Promise<void> {
  const index = `libs/${lib}/src/index`;
  const { files, packages } = await closure(root, index);
  const { dependencies, version, license, engines } = rootPackage.parse(
    JSON.parse(await readFile(join(root, 'package.json'), 'utf8')),
  );
  await rm(folder, { recursive: true, force: true });
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, 'dist', file), join(folder, file));
  }
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  await cp(join(root, 'libs', lib, 'README.md'), join(folder, 'README.md'));
  writeTypes(root, index, folder);
  const needed = [...packages].sort().map((needs) => {
    const wanted = dependencies[needs];
    if (wanted === undefined) throw new NotProvided(`${name} imports ${needs}, which is not ours`);
    return [needs, wanted];
  });
  const manifest = {
    name,
    version,
    description,
    license,
    type: 'module',
    engines,
    exports: entry(`./${index}`),
    imports: { '#*': entry('./libs/*/src/index') },
    dependencies: Object.fromEntries(needed) as Record<string, string>,
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

const entry = (path: string) => ({ types: `${path}.d.ts`, default: `${path}.js` });

/**
 * Every compiled file that a lib needs, relative to `dist`, and the packages that these files
 * import.
 */
async function closure(root: string, index: string) {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [`${index}.js`];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const text = await readFile(join(root, 'dist', file), 'utf8');
    for (const { fileName: name } of typescript.preProcessFile(text, true, true).importedFiles) {
      if (name.startsWith('node:')) continue;
      if (name.startsWith('.')) waiting.push(join(dirname(file), name));
      else if (name.startsWith('#')) waiting.push(`libs/${name.slice(1)}/src/index.js`);
      else packages.add(packageOf(name));
    }
  }
  return { files, packages };
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Writes the type declarations, which a build for running leaves out. */
function writeTypes(root: string, index: string, folder: string): void {
  const { config } = typescript.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    typescript.sys.readFile(path),
  ) as { config: { compilerOptions: object } };
  const { options } = typescript.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = typescript.createProgram([join(root, `${index}.ts`)], {
    ...options,
    incremental: false,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    sourceMap: false,
    rootDir: root,
    outDir: folder,
    // Here `#name` means the source, not the compiled files.
    paths: { '#*': [resolve(root, 'libs/*/src/index.ts')] },
  });
  const inLibs = (path: string) => !relative(join(root, 'libs'), path).startsWith('..');
  for (const source of program.getSourceFiles()) {
    if (inLibs(source.fileName)) program.emit(source);
  }
}

/**
 * Writes a package, and the archive that `npm install` accepts, into one folder.
 *
 * @returns the path of the archive
 */
export async function pack(root: string, of: Package, into: string): Promise<string> {
  const folder = join(into, of.lib);
  await writePackage(root, of, folder);
  return archived(root, folder, into);
}

/**
 * Writes the archive of Berth itself, which `npm install --global` accepts, into a folder.
 *
 * @param root the project's root, which must be built
 * @returns the path of the archive
 */
export async function packBerth(root: string, into: string): Promise<string> {
  await mkdir(into, { recursive: true });
  return archived(root, '.', into);
}

async function archived(root: string, folder: string, into: string): Promise<string> {
  const words = ['pack', '--silent', '--pack-destination', into, folder];
  const { stdout } = await promisify(execFile)('npm', words, { cwd: root });
  return join(into, stdout.trim());
}
