import { granted } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import typescript from 'typescript';
import { TestGateway } from '../../test/support/gateway.js';

const run = promisify(execFile);

/**
 * A program as a user would write it who has only the document and two packages from the registry.
 */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './api.js';

const berth = createClient<paths>({ baseUrl: process.argv[2] ?? '' });

const { data, error } = await berth.POST('/v1/allocations', {
  body: { region: 'local', allocationId: 'match-1', payload: { mode: 'ctf' } },
});
if (data === undefined) throw new Error(\`\${error.code}: \${error.detail}\`);
const port: number | undefined = data.ports['game'];
console.log(data.address, port, data.token);

const page = await berth.GET('/v1/slots', { params: { query: { limit: 10, status: 'available' } } });
const slots: string[] = page.data?.slots.map(({ id, phase }) => \`\${id} \${phase}\`) ?? [];
console.log(slots.length);

const gone = await berth.GET('/v1/allocations/{id}', { params: { path: { id: 'nobody' } } });
if (gone.error?.code === 'unknown-allocation') console.log(gone.error.status);
`;

let folder: string;
let gateway: TestGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-generated-client-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  gateway = await TestGateway.start();
});
afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

/** The compiler's error messages for a program. */
function complaints(file: string): readonly string[] {
  const program = typescript.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.NodeNext,
    moduleResolution: typescript.ModuleResolutionKind.NodeNext,
    types: ['node'],
    typeRoots: [resolve('node_modules/@types')],
  });
  program.emit();
  return typescript
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => typescript.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('A client generated from the document', () => {
  it('compiles under strict, allocates, lists, and knows the errors', async () => {
    gateway.answer('allocate', (asked) => ({ ...granted, allocationId: asked['allocationId'] }));
    const { body } = await gateway.get('/openapi.json');
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(body));
    const generator = resolve('node_modules/openapi-typescript/bin/cli.js');
    await run(process.execPath, [generator, 'openapi.json', '-o', 'api.d.ts'], { cwd: folder });
    const file = join(folder, 'program.ts');
    await writeFile(file, PROGRAM);
    expect(complaints(file)).toEqual([]);
    const { stdout } = await run(process.execPath, [join(folder, 'program.js'), gateway.url]);
    expect(stdout.trim().split('\n')).toEqual(['192.0.2.1:7777 7777 secret', '0', '404']);
  }, 180_000);
});
