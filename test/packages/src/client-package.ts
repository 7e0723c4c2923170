import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import typescript from 'typescript';
import { z } from 'zod';

/** What the client package is made from, in the project's root. */
const ENTRY = 'libs/client/src/index';

const rootPackage = z.object({
  version: z.string(),
  license: z.string(),
  engines: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
});

/** A compiled file imports what no package of the root provides. */
class NotProvided extends Error {
  override readonly name = 'NotProvided';
}

/**
 * Writes a package of its own to a folder: the compiled client, whatever libs it imports, and their
 * types. Libs go on to know each other by `#name`, which a package may say of its own folders.
 *
 * @param root the project's root, which must be built
 */
export async function writeClientPackage(root: string, folder: string): Promise<void> {
  const { files, packages } = await closure(root);
  const { dependencies, version, license, engines } = rootPackage.parse(
    JSON.parse(await readFile(join(root, 'package.json'), 'utf8')),
  );
  await rm(folder, { recursive: true, force: true });
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, 'dist', file), join(folder, file));
  }
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeTypes(root, folder);
  const needed = [...packages].sort().map((name) => {
    const wanted = dependencies[name];
    if (wanted === undefined)
      throw new NotProvided(`the client imports ${name}, which is not ours`);
    return [name, wanted];
  });
  const manifest = {
    name: '@berth/client',
    version,
    description: 'Asks Berth for game servers, over NATS or HTTP, and gives them back.',
    license,
    type: 'module',
    engines,
    exports: entry(`./${ENTRY}`),
    imports: { '#*': entry('./libs/*/src/index') },
    dependencies: Object.fromEntries(needed) as Record<string, string>,
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

const entry = (path: string) => ({ types: `${path}.d.ts`, default: `${path}.js` });

/** Every compiled file the client leads to, from `dist`, and the packages those import. */
async function closure(root: string) {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [`${ENTRY}.js`];
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

/** The declarations, which a build for running leaves out. */
function writeTypes(root: string, folder: string): void {
  const { config } = typescript.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    typescript.sys.readFile(path),
  ) as { config: { compilerOptions: object } };
  const { options } = typescript.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = typescript.createProgram([join(root, `${ENTRY}.ts`)], {
    ...options,
    incremental: false,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    sourceMap: false,
    rootDir: root,
    outDir: folder,
    // `#name` means the source here, and not what was built of it.
    paths: { '#*': [resolve(root, 'libs/*/src/index.ts')] },
  });
  const inLibs = (path: string) => !relative(join(root, 'libs'), path).startsWith('..');
  for (const source of program.getSourceFiles()) {
    if (inLibs(source.fileName)) program.emit(source);
  }
}
