import { SUBJECT_USES, type SubjectUse } from '#wire';
import { subjectsGuide } from './subjects-guide.js';

const INTRODUCTION = `# Subjects

Generated from the table of endpoints (\`libs/wire/src/endpoints\`) by \`npm run docs\`. Regions, agents,
slots and allocators are named by one token each: 1 to 64 letters, digits, \`_\` and \`-\`. Who is asked,
answers. What is stored, is a message of a JetStream stream, one stream of each kind for every region;
what is live, is the same on core NATS.
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
