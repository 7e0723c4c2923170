import { join, dirname } from 'node:path/posix';
import { partOf, type Source } from './sources.js';

const HEADING = '## What may import what';

/** For each part of the project the libs and packages that it may import. */
export type ImportLaw = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the law from the table under its heading; throws where there is none. */
export function readImportLaw(markdown: string): ImportLaw {
  const section = markdown.split(`${HEADING}\n`)[1]?.split('\n## ')[0];
  if (section === undefined) throw new Error(`no section "${HEADING}"`);
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return new Map(rows.slice(2).map(row));
}

function row(line: string): readonly [string, ReadonlySet<string>] {
  const [part = '', allowed = ''] = line
    .split('|')
    .slice(1)
    .map((cell) => cell.replaceAll('`', '').trim());
  return [part, new Set(allowed.split(',').map((name) => name.trim()))];
}

/** What a source imports against the law, in words. */
export function violations(source: Source, law: ImportLaw): readonly string[] {
  const allowed = law.get(source.part);
  if (allowed === undefined) return [`${source.path}: ${source.part} is not in the table`];
  return source.imports
    .filter((name) => !mayImport(source, name, allowed))
    .map((name) => `${source.path} may not import ${name}`);
}

function mayImport(source: Source, name: string, allowed: ReadonlySet<string>): boolean {
  if (name.startsWith('.')) {
    const part = partOf(join(dirname(source.path), name));
    const isLib = !part.includes('/') && part !== 'test';
    return part === source.part || (!isLib && (source.isTest || allowed.has(part)));
  }
  if (name.startsWith('#') && !/^#[a-z-]+$/.test(name)) return false;
  return source.isTest || isAllowed(packageOf(name), allowed);
}

/** `node:fs/promises` is `node`, `#slot` is `slot`, `@nats-io/jetstream/internal` its package. */
function packageOf(name: string): string {
  if (name.startsWith('#')) return name.slice(1);
  if (name.startsWith('node:')) return 'node';
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function isAllowed(name: string, allowed: ReadonlySet<string>): boolean {
  const scope = name.split('/')[0] ?? '';
  return allowed.has(name) || (name.startsWith('@') && allowed.has(`${scope}/*`));
}

/** The libs that lead back to themselves, each once. */
export function cycles(sources: readonly Source[]): readonly string[] {
  const edges = new Map<string, Set<string>>();
  for (const { part, imports, isTest } of sources) {
    if (isTest) continue;
    const libs = imports.filter((name) => name.startsWith('#')).map(packageOf);
    edges.set(part, new Set([...(edges.get(part) ?? []), ...libs]));
  }
  return [...edges.keys()].filter((part) => reached(part, edges).has(part));
}

function reached(part: string, edges: ReadonlyMap<string, ReadonlySet<string>>) {
  const found = new Set<string>();
  const waiting = [...(edges.get(part) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(edges.get(next) ?? []));
  }
  return found;
}
