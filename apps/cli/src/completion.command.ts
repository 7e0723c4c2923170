import { Argument, Command } from 'commander';
import { everyCommand, type NamedCommand } from './commands.js';
import type { Print } from './operate/common-options.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const EXAMPLES = `
  berth completion bash > ~/.local/share/bash-completion/completions/berth
  berth completion fish > ~/.config/fish/completions/berth.fish
  berth completion zsh > ~/.berth-completion.zsh

For zsh, source the file in ~/.zshrc, after compinit.`;

export function completionCommand(print: Print): Command {
  return new Command('completion')
    .description('print a script that makes a shell complete commands and options')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell, _options: object, own: Command) => {
      const all = everyCommand(own.parent ?? own);
      print(shell === 'fish' ? fishScript(all) : bashScript(all, shell), 'verbatim');
    });
}

/**
 * The script holds all words, so that a completion does not start `berth`. Its variables are not named
 * `path` or `words`: zsh has uses of its own for these.
 */
function bashScript(all: readonly NamedCommand[], shell: 'bash' | 'zsh'): string {
  const cases = all.map(
    (named) => `    "${named.words.join(' ')}") choices="${wordsOf(named)}" ;;`,
  );
  const names = all.map(({ words }) => `"${words.join(' ')}"`).filter((name) => name !== '""');
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_berth() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" said="" word choices=""',
    '  for word in "${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do',
    '    case "${said:+$said }$word" in',
    `      ${names.join('|')}) said="\${said:+$said }$word" ;;`,
    '    esac',
    '  done',
    '  case "$said" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$choices" -- "$current"))',
    '}',
    'complete -F _berth berth',
  ].join('\n');
}

function fishScript(all: readonly NamedCommand[]): string {
  const lines = all.flatMap(({ command, words }) => {
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    const when = words.length === 0 ? '__fish_use_subcommand' : seen;
    return [
      ...command.commands.map((one) => `-f -a ${one.name()} -d ${quoted(one.description())}`),
      ...command.options.flatMap(({ long, description }) =>
        long == null ? [] : [`-l ${long.slice(2)} -d ${quoted(description)}`],
      ),
    ].map((rest) => `complete -c berth -n '${when}' ${rest}`);
  });
  return lines.join('\n');
}

function wordsOf({ command }: NamedCommand): string {
  const commands = command.commands.map((one) => one.name());
  const options = command.options.flatMap(({ long }) => (long == null ? [] : [long]));
  return [...commands, ...options, '--help'].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
