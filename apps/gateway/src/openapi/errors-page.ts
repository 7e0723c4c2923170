import { ERRORS } from '../http/errors.js';

const INTRODUCTION = `Every refusal carries one of these codes: over HTTP as \`code\` of the problem
body and in its \`type\`, over NATS as \`code\` of the answer and in the header
\`Nats-Service-Error\`. Codes are stable; statuses are those of HTTP and of the header
\`Nats-Service-Error-Code\`. A code that version 0.2 does not know stands over NATS in \`cause\`, beside the \`code\`
\`none-available\`; the headers have it.`;

const entries = () => Object.entries(ERRORS).sort(([one], [other]) => (one < other ? -1 : 1));

/** All error codes as Markdown, for the documentation. */
export function errorsPage(): string {
  const sections = entries().map(([code, { status, means, because, remedy }]) =>
    [
      `## ${code}`,
      '',
      `HTTP status ${status}. ${means}`,
      '',
      `- **Cause:** ${because}`,
      `- **What to do:** ${remedy}`,
      '',
    ].join('\n'),
  );
  const origin =
    'Generated from `apps/gateway/src/http/errors.ts` and `libs/wire` by `npm run docs`.';
  return ['# Errors', '', origin, '', INTRODUCTION, '', ...sections].join('\n');
}

/** The same page as HTML, as the gateway serves it. */
export function errorsHtml(): string {
  const sections = entries().map(
    ([code, { status, means, because, remedy }]) =>
      `<h2 id="${code}">${code}</h2><p>HTTP status ${status}. ${html(means)}</p><dl>` +
      `<dt>Cause</dt><dd>${html(because)}</dd>` +
      `<dt>What to do</dt><dd>${html(remedy)}</dd></dl>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Errors of Berth</title></head><body><h1>Errors</h1><p>${html(INTRODUCTION)}</p>${sections.join('')}</body></html>`;
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]*)`/g, '<code>$1</code>');
}
