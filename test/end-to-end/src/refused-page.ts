/** What somebody who was taken over tried, and what nats-server answered. */
export interface Attempt {
  readonly by: string;
  readonly how: 'publish' | 'subscribe' | 'request';
  readonly subject: string;
  readonly what: string;
  readonly answer: string;
}

const INTRODUCTION = `# What NATS refuses

What identities that were taken over tried at a real nats-server with the generated permissions, and what it
answered. The machine that acts is called \`dev\`, another one \`other\`. Written by a run of
\`test/end-to-end/src/hostile.spec.ts\` (\`npm run docs:refused\`), which fails where the answers are others.
`;

/** The table of attempts, as Markdown. */
export function refusedPage(attempts: readonly Attempt[]): string {
  const names = [...new Set(attempts.map(({ by }) => by))];
  const sections = names.map((name) => {
    const own = attempts.filter(({ by }) => by === name);
    return [
      `## ${titleOf(name)}: ${own.length} attempts\n`,
      '| How | Subject | What | Answer |',
      '| --- | --- | --- | --- |',
      ...own.map(
        ({ how, subject, what, answer }) => `| ${how} | \`${subject}\` | ${what} | ${answer} |`,
      ),
      '',
    ].join('\n');
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function titleOf(name: string): string {
  return `${/^[aeiou]/.test(name) ? 'An' : 'A'} ${name}`;
}
