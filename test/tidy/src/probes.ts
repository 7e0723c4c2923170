import ts from 'typescript';

/** A change in one place, made to see which other places must follow according to the compiler. */
export interface Probe {
  /** Its heading in docs/adding-to-the-domain.md. */
  readonly heading: string;
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /**
   * A word of the change that occurs nowhere else, so that it identifies the compiler's messages.
   */
  readonly word: string;
  /** The files that the compiler names. */
  readonly named: readonly string[];
}

export const PROBES: readonly Probe[] = [
  {
    heading: 'An event of the slot',
    file: 'libs/slot/src/slot.events.ts',
    before: '  WentIdle: {},',
    after: '  WentIdle: {},\n  GameLeft: { players: z.int() },',
    word: 'GameLeft',
    named: [
      'libs/slot/src/slot.ends.ts',
      'libs/testing/src/slot-samples.ts',
      'test/simulation/src/judging/ends.ts',
      'test/storm/src/inspector.ts',
    ],
  },
  {
    heading: 'A field that a claim says and its allocation keeps',
    file: 'libs/slot/src/slot.parts.ts',
    before: 'export const claimTerms = {',
    after: 'export const claimTerms = {\n  probedTerm: z.string(),',
    word: 'probedTerm',
    named: ['libs/slot/src/slot.ts', 'libs/testing/src/slot-samples.ts'],
  },
  {
    heading: 'A limit that ends a session',
    file: 'libs/slot/src/slot.events.ts',
    before: "z.enum(['idle', 'session'])",
    after: "z.enum(['idle', 'session', 'probed-limit'])",
    word: 'probed-limit',
    named: ['libs/slot/src/slot.machine.ts'],
  },
  {
    heading: 'A cause for which a claim is refused',
    file: 'libs/slot/src/slot.parts.ts',
    before: "  'fleet-maximum',\n",
    after: "  'fleet-maximum',\n  'probed-cause',\n",
    word: 'probed-cause',
    named: ['libs/slot/src/slot.ends.ts'],
  },
  {
    heading: 'An event of a fleet, a build or a build configuration',
    file: 'libs/fleet/src/fleet.events.ts',
    before: '  FleetUnsized: wanted,',
    after: '  FleetUnsized: wanted,\n  FleetPaused: wanted,',
    word: 'FleetPaused',
    named: ['libs/fleet/src/fleet.ts'],
  },
  {
    heading: 'A code with which requests are refused',
    file: 'libs/wire/src/messages/refusal.schema.ts',
    before: "  'none-available',\n",
    after: "  'none-available',\n  'probed-code',\n",
    word: 'probed-code',
    named: ['libs/wire/src/refusals.ts'],
  },
];

/**
 * Compiles the project once with all changes together, and writes nothing.
 *
 * @returns for each probe, the files in which the compiler reports errors because of it, in order
 */
export function filesNamed(
  root: string,
  probes: readonly Probe[],
): ReadonlyMap<Probe, readonly string[]> {
  const config = ts.readConfigFile(`${root}/tsconfig.json`, (path) => ts.sys.readFile(path));
  const changes = { noEmit: true, incremental: false, noErrorTruncation: true };
  const project = ts.parseJsonConfigFileContent(config.config, ts.sys, root, changes);
  const host = ts.createCompilerHost(project.options);
  const read = host.readFile.bind(host);
  host.readFile = (path) =>
    probes
      .filter(({ file }) => path === `${root}/${file}`)
      .reduce((text, probe) => changed(text ?? '', probe), read(path));
  const program = ts.createProgram(project.fileNames, project.options, host);
  const complaints = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
    path: file?.fileName.slice(root.length + 1) ?? 'tsconfig.json',
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
  const namedFor = ({ word }: Probe) =>
    complaints.filter(({ text }) => text.includes(word)).map(({ path }) => path);
  return new Map(probes.map((probe) => [probe, [...new Set(namedFor(probe))].sort()]));
}

function changed(text: string, { file, before, after }: Probe): string {
  if (!text.includes(before)) throw new Error(`${file} has no ${JSON.stringify(before)}`);
  return text.replace(before, after);
}
