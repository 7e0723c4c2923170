import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The files of the project's build, and whether they are shipped. */
const FILES: Readonly<Record<string, string>> = {
  'Pier.x86_64': '#!/bin/sh\nexec sleep 60\n',
  'Pier_Data/scene0': 'shipped',
  'Pier_Data/local.info': 'not shipped',
  'Symbols/pier.pdb': 'not shipped',
  'Symbols/deep/README': 'not shipped',
  'Pier_BackUpThisFolder_ButDontShipItWithYourGame/Scene.cpp': 'not shipped',
};

const BUILD = `
  pier server:
    executableName: Pier.x86_64
    buildPath: Out/Linux
    excludePaths:
      - Out/Linux/Symbols/*.*
      - Out/Linux/Pier_Data/local.info
      - Out/Linux/Pier_BackUpThisFolder_ButDontShipItWithYourGame/*.*`;

const CONFIGURATION = `
  pier ctf:
    build: pier server
    queryType: sqp
    binaryPath: Pier.x86_64
    commandLine: -ip $$ip$$ -port $$port$$ -queryport $$query_port$$ -logFile $$log_dir$$/$$timestamp$$.log
    variables: {}
    cores: 2
    speedMhz: 1500
    memoryMiB: 7000`;

const FLEET = `
  pier fleet:
    buildConfigurations:
      - pier ctf
    regions:
      North America:
        minAvailable: 0
        maxServers: 1
    usageSettings:
      - hardwareType: CLOUD
        machineType: GCP-N2
        maxServersPerMachine: 3`;

const WHOLE = `version: 1.0
builds:${BUILD}
buildConfigurations:${CONFIGURATION}
fleets:${FLEET}
`;

/** Variants of a `.gsh` file, as Unity's package or an editor writes them. */
export const GSH = {
  /** As the package writes it. */
  whole: WHOLE,
  /** Made on Windows, with a build outside the project. */
  elsewhere: WHOLE.replace('buildPath: Out/Linux', 'buildPath: D:\\Builds\\Pier Server'),
  /** The same as `whole`, saved by an editor on Windows. */
  ofWindows: `\uFEFF${WHOLE.replace('buildPath: Out/Linux', 'buildPath: Out\\Linux')}`.replaceAll(
    '\n',
    '\r\n',
  ),
  /** With an unknown variable, and every kind of quote. */
  quoted: WHOLE.replace(
    /commandLine: .*/,
    () =>
      'commandLine: -port $$port$$ -log $$server_log_dir$$/a.log -name "Pier \\"B\\"" ' +
      `-maps D:\\m\\x -none "" -also 'b c'`,
  ),
  /** The smallest valid file. */
  small: `
version: 1.0
builds:
  b1: { executableName: Pier.x86_64, buildPath: Out/Linux }
buildConfigurations:
  c1:
    build: b1
    binaryPath: Pier.x86_64
    commandLine: -nosound -port=$$port$$ -queryType=$$query_type$$ -LOG=../$$log_dir$$/$$serverid$$.log
    variables: {}
    readiness: true
fleets:
  f1:
    buildConfigurations: [c1]
    regions:
      Asia: { minAvailable: 1, maxServers: 2 }
      South America: { minAvailable: 0, maxServers: 0 }
`,
  /** With names of any characters, a folded line, and values that YAML does not read as texts. */
  folded: `
version: 1.0
builds:
  "Pier (Linux) – v2": { executableName: Pier.x86_64, buildPath: ./Out/Linux/ }
buildConfigurations:
  "Conquest / 8v8": &first
    build: "Pier (Linux) – v2"
    queryType: SQP
    binaryPath: ./Pier.x86_64
    commandLine: >-
      -port $$port$$
      -json {"mode":"ctf","max":16}
    readiness:
    variables: { SIZE: 016, RATIO: 1.50, ON: yes, OFF: false, NOTHING: , WORDS: "Pier – ö\\n🎮" }
fleets:
  "Pier – EU":
    buildConfigurations: ["Conquest / 8v8"]
    regions: { Europe: { minAvailable: 1, maxServers: 2 } }
`,
} as const;

/** Makes a Unity project with a build and these files; returns the path of each file. */
export async function unityProject(
  folder: string,
): Promise<Readonly<Record<keyof typeof GSH, string>>> {
  for (const [path, text] of Object.entries(FILES)) {
    const place = join(folder, 'Out/Linux', path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text, { mode: path.endsWith('x86_64') ? 0o755 : 0o644 });
  }
  const services = join(folder, 'Assets/Editor/Services');
  await mkdir(services, { recursive: true });
  const places: Record<string, string> = {};
  for (const [name, text] of Object.entries(GSH)) {
    places[name] = join(services, `${name}.gsh`);
    await writeFile(places[name], text);
  }
  return places as Record<keyof typeof GSH, string>;
}
