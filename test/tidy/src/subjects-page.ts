import { SUBJECTS } from '#wire';

const INTRODUCTION = `# Subjects

Generated from \`libs/wire/src/subjects.ts\` by \`npm run docs\`. Regions, agents, slots and allocators
are named by one token each: 1 to 64 letters, digits, \`_\` and \`-\`.
`;

/** Every NATS subject, as Markdown. */
export function subjectsPage(): string {
  const rows = SUBJECTS.map(({ pattern, carries, publishedBy, subscribedBy }) =>
    [`\`${pattern}\``, carries, publishedBy, subscribedBy].join(' | '),
  );
  const header = ['Subject | Carries | Published by | Subscribed by', '--- | --- | --- | ---'];
  return [INTRODUCTION, ...[...header, ...rows].map((row) => `| ${row} |`), ''].join('\n');
}
