/**
 * The command with its placeholders filled in: `{port}`, and `$$port$$` as Multiplay writes it.
 * What is not a known placeholder stays as it is, so that arguments may be JSON.
 */
export function fillIn(
  command: readonly string[],
  words: Readonly<Record<string, string>>,
): readonly string[] {
  return command.map((argument) =>
    argument.replace(
      /\{([a-z_]+)\}|\$\$([a-z_]+)\$\$/g,
      (text, plain?: string, multiplay?: string) => words[plain ?? multiplay ?? ''] ?? text,
    ),
  );
}
