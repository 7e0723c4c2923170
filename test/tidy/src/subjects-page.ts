import { SUBJECT_USES, type SubjectUse } from '#wire';
import { subjectsGuide } from './subjects-guide.js';

const INTRODUCTION = `# Subjects

Generated from the table of endpoints (\`libs/wire/src/endpoints\`) by \`npm run docs\`. Regions, agents,
slots and allocators are named by one token each: 1 to 64 letters, digits, \`_\` and \`-\`. A request is
answered by its receiver. A stored message is in a JetStream stream; each region has one stream of each kind.
A live message is the same message on core NATS.
`;

const KINDS: Readonly<Record<SubjectUse['kind'], string>> = {
  asked: 'request and reply',
  told: 'one way',
  stored: 'stored',
  live: 'live',
  services: 'request and reply',
};

/** Every NATS subject, as Markdown. */
export function subjectsPage(): string {
  const rows = SUBJECT_USES.map((use) =>
    [
      `\`${use.pattern}\``,
      use.description,
      use.stream === undefined ? KINDS[use.kind] : `stored: \`${use.stream}_<region>\``,
      use.publishedBy.join(', '),
      hearersOf(use),
    ].join(' | '),
  );
  const header = ['Subject | Carries | How | From | To', '--- | --- | --- | --- | ---'];
  const table = [...header, ...rows].map((row) => `| ${row} |`);
  return [INTRODUCTION, subjectsGuide(), '## Every subject\n', ...table, ''].join('\n');
}

function hearersOf({ heardBy, queue }: SubjectUse): string {
  const who = heardBy.join(', ');
  return queue === undefined ? who : `${who} (one, of queue group \`${queue}\`)`;
}
