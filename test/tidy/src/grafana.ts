import { existsSync, readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

interface Panel {
  readonly id: number;
  readonly type: string;
}

/** Grafana's own schema has a folder for each type of panel. */
const PANELS = 'node_modules/@grafana/schema/dist/esm/raw/composable';

/** The file that is compiled; it is never written. */
const FILE = 'grafana-dashboard.check.ts';

/** In JSON, enums are their values, and an option that has a default may be missing. */
const TYPES = `
import type { Dashboard, DataQuery, FieldConfig, Panel, RowPanel } from '@grafana/schema';
type Json<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
type Some<T> = T extends object ? { [K in keyof T]?: Some<T[K]> } : T;
type Frame = Json<Omit<Dashboard, 'panels'>>;
type Row = Json<RowPanel>;
type Query = DataQuery & { expr: string; legendFormat?: string };
type Shown<Options, Custom> = Json<
  Omit<Panel, 'options' | 'fieldConfig' | 'targets'> & {
    options: Some<Options>;
    targets: Query[];
    fieldConfig: {
      defaults: Omit<FieldConfig, 'custom'> & { custom?: Some<Custom> };
      overrides: { matcher: { id: string; options?: unknown }; properties: { id: string; value?: unknown }[] }[];
    };
  }
>;
`;

/**
 * What Grafana's schema has against a dashboard: panels, options and values that it does not know.
 * Each complaint begins with `frame`, or with the panel's id.
 */
export function complaintsOfGrafana(dashboard: {
  readonly panels: readonly Panel[];
}): readonly string[] {
  const { panels, ...frame } = dashboard;
  const unknown = panels.filter(({ type }) => typeOf(type) === null);
  const checked = [
    ['frame', 'Frame', frame] as const,
    ...panels.map((panel) => [`panel${panel.id}`, typeOf(panel.type) ?? 'object', panel] as const),
  ];
  const lines = checked.map(
    ([name, type, value]) => `export const ${name}: ${type} = ${JSON.stringify(value)};`,
  );
  return [
    ...unknown.map(({ id, type }) => `panel${id}: Grafana has no panel ${type}`),
    ...complaintsOf(`${lines.join('\n')}\n${TYPES}`).map(
      ({ line, text }) => `${checked[line]?.[0] ?? 'types'}: ${text}`,
    ),
  ];
}

/** The type of a panel in TypeScript; null if Grafana has no such panel. */
function typeOf(panel: string): string | null {
  if (panel === 'row') return 'Row';
  const folder = `${PANELS}/${panel}/panelcfg/x`;
  const file = existsSync(folder) && readdirSync(folder).find((name) => name.endsWith('.d.ts'));
  if (!file) return null;
  const schema = `import('./${folder}/${file}')`;
  const hasFields = readFileSync(`${folder}/${file}`, 'utf8').includes('interface FieldConfig');
  return `Shown<${schema}.Options, ${hasFields ? `${schema}.FieldConfig` : 'object'}>`;
}

/** The compiler's complaints about a program of one file, with their lines, counted from 0. */
function complaintsOf(source: string): readonly { readonly line: number; readonly text: string }[] {
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [] },
    ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (path) => (path.endsWith(FILE) ? source : read(path));
  const exists = host.fileExists.bind(host);
  host.fileExists = (path) => path.endsWith(FILE) || exists(path);
  const program = ts.createProgram([FILE], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => ({
    line: file?.getLineAndCharacterOfPosition(start).line ?? -1,
    text: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}
