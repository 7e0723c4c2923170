import { accountOf, isOwner, permissionsOf, ROLES } from '#permissions';

const INTRODUCTION = `# Permissions

What each role may do on the bus, generated from the table of endpoints (\`libs/wire/src/endpoints\`) and
from what it does with streams (\`libs/permissions/src/stream-uses.ts\`) by \`npm run docs\`. \`REGION\` is each
region of an identity, \`NAME\` its own name; everybody also hears \`_INBOX_NAME.>\`, and nobody else does.
What has a word behind it is heard in that queue group only.

In account \`EDGE\` are those who may turn out to be hostile. Of what they publish, only what is
listed here reaches the streams and services in account \`BERTH\`, and answers go to nobody but who asked.
`;

/** What each role may publish and hear, as Markdown. */
export function permissionsPage(): string {
  return [INTRODUCTION, ...ROLES.map(sectionOf)].join('\n');
}

function sectionOf(role: (typeof ROLES)[number]): string {
  const name = isOwner(role) ? 'NAME' : undefined;
  const { publish, subscribe, answers } = permissionsOf(role, 'REGION', name);
  const list = (subjects: readonly string[]) => subjects.map((subject) => `- \`${subject}\``);
  return [
    `## ${role}\n`,
    `Account \`${accountOf(role)}\`${answers ? '; answers what it is asked, once' : ''}.\n`,
    ...['Publishes:\n', ...list(publish), ''],
    ...(subscribe.length > 0 ? ['Hears:\n', ...list(subscribe), ''] : []),
  ].join('\n');
}
