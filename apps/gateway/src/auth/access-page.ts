import { SCOPES } from '#auth';
import type { Route } from '../openapi/routes.js';

const INTRODUCTION = `# Who may do what

Generated from the routes of the gateway by \`npm run docs\`. An access token has one scope or more;
if several scopes are listed, one of them is enough. A token of a project may use the routes that say so;
they show and change nothing of other projects. How to make tokens: [security](../security.md).
`;

/** What each scope allows, and what each route requires, as Markdown. */
export function accessPage(routes: readonly Route[]): string {
  const scopes = Object.entries(SCOPES).map(([scope, covers]) => [`\`${scope}\``, covers]);
  const rows = routes.map(({ method, path, needs, inProject }) => [
    `\`${method.toUpperCase()} ${path}\``,
    needs === 'nothing' ? 'nothing' : (needs ?? ['operate']).map((one) => `\`${one}\``).join(', '),
    needs === 'nothing' || inProject ? 'yes' : '',
  ]);
  return [
    INTRODUCTION,
    ...table(['Scope', 'Covers'], scopes),
    '',
    ...table(['Route', 'Needs', 'Tokens of a project'], rows),
    '',
  ].join('\n');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]) {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)];
}
