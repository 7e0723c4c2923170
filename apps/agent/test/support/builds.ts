import type { BuildConfiguration, BuildVersion, Manifest } from '#build';
import type { Cancel } from '#kernel';
import type { Assignment } from '#slot';
import { encodeJson, type BuildFiles } from '#wire';
import { createHash } from 'node:crypto';
import { keyOf } from '../../src/builds/catalogue-file.js';
import { Catalogue, type BuildName } from '../../src/builds/catalogue.js';

/** A catalogue for the specs, which knows what the spec tells it. */
export class TestCatalogue extends Catalogue {
  private readonly configurations = new Map<string, BuildConfiguration>();
  private readonly builds = new Map<string, BuildVersion>();
  private readonly listeners = new Set<() => void>();

  learn(run: Assignment, configuration: BuildConfiguration): void {
    this.configurations.set(keyOf(run.buildConfiguration, run.version), configuration);
    for (const changed of this.listeners) changed();
  }

  learnBuild(name: string, version: BuildVersion): void {
    this.builds.set(keyOf(name, version.version), version);
    for (const changed of this.listeners) changed();
  }

  configuration({ buildConfiguration, version }: Assignment): BuildConfiguration | null {
    return this.configurations.get(keyOf(buildConfiguration, version)) ?? null;
  }

  build({ name, version }: BuildName): BuildVersion | null {
    return this.builds.get(keyOf(name, version)) ?? null;
  }

  watch(changed: () => void): Cancel {
    this.listeners.add(changed);
    return () => void this.listeners.delete(changed);
  }
}

/** A build configuration with nothing special about it. */
export function aConfiguration(changes: Partial<BuildConfiguration> = {}): BuildConfiguration {
  return {
    build: null,
    executable: 'game',
    arguments: [],
    workingDirectory: 'slot',
    variables: {},
    query: 'none',
    countBots: false,
    checks: { everyMs: 5_000, withinMs: 1_000, failuresMax: 3 },
    callback: {
      kind: 'http',
      path: '/allocate',
      method: 'POST',
      envelope: 'bare',
      emptyPayload: 'object',
    },
    readiness: false,
    payloadFile: null,
    answerVariables: [],
    stopSignal: 'SIGTERM',
    stopGraceMs: 2_000,
    callbackMs: 10_000,
    coldStartMs: 10_000,
    idleMs: 60_000,
    sessionMs: null,
    restartsMax: 2,
    ...changes,
  };
}

/** Stores the files, by path and all executable. Returns what the log would say of them. */
export async function push(
  store: BuildFiles,
  version: number,
  contents: Readonly<Record<string, Uint8Array | string>>,
): Promise<BuildVersion> {
  const files: Manifest['files'] = [];
  for (const [path, content] of Object.entries(contents)) {
    const bytes = Buffer.from(content);
    const digest = digestOf(bytes);
    await store.put(digest, inPieces(bytes));
    files.push({ path, size: bytes.length, mode: 0o755, digest });
  }
  const text = Buffer.from(encodeJson({ files }));
  const manifest = digestOf(text);
  await store.put(manifest, inPieces(text));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { version, manifest, files: files.length, bytes, at: 0, by: '' };
}

export function digestOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const PIECE_BYTES = 262_144;

export async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
