/** A command line, and its exit codes: with a Berth that runs, and where none answers. */
export interface TypedCommand {
  readonly words: string;
  readonly code: number;
  /** Where neither the API nor nats-server answers. */
  readonly away: number;
  /** What the shell does besides: such as ending what would run until it is interrupted. */
  readonly shell?: (berth: string) => string;
}

const asked = (words: string, code = 0): TypedCommand => ({ words, code, away: 4 });
/** Commands that need no server. */
const local = (words: string, code = 0): TypedCommand => ({ words, code, away: code });
/** Ends it by Ctrl-C after six seconds, in which it has started on a busy machine and an answer has come. */
const interrupted = (code: number, away: number, words: string): TypedCommand => ({
  ...{ words, code, away },
  shell: (berth) => `timeout --preserve-status -s INT 6 ${berth}`,
});

/** An interrupted process ends so where it does not tidy up. */
const SIGINT = 130;

/**
 * Every command of `berth`, in an order in which each finds what the earlier ones have made. A test
 * compares the list with the program.
 */
export const TYPED_COMMANDS: readonly TypedCommand[] = [
  asked('status'),
  asked('doctor'),
  interrupted(SIGINT, 4, 'top'),
  asked('slots'),
  asked('slots --usage'),
  asked('agents'),
  asked('fleets'),
  asked('allocate --id typed-1'),
  asked('allocate --id typed-2 --fleet nowhere', 3),
  asked('allocations --region local'),
  asked('request typed-1 --region local', 3),
  asked('refusals --region local'),
  asked('logs local.dev.1'),
  asked('events local.dev.1'),
  asked('audit slot local.dev.1 --tail 2'),
  asked('audit at 0s --region local'),
  asked('audit diff 1m 0s --region local'),
  asked('audit allocation typed-1'),
  asked('audit allocations --region local'),
  asked('audit index'),
  asked('audit why typed-1'),
  asked('audit who anonymous --region local'),
  asked('audit actions --region local'),
  asked('audit verify --region local'),
  asked('audit export day.jsonl --region local'),
  interrupted(0, 0, 'audit import day.jsonl'),
  local('audit replay day.jsonl --slots 1'),
  asked(`forget typed-1 --reason 'a player asked'`, 3),
  asked('release typed-1'),
  asked('builds push local.harbour Out'),
  asked('builds list'),
  asked('builds show local.harbour'),
  asked('build-configurations set local.ctf --file ctf.yaml'),
  asked('build-configurations list'),
  asked('build-configurations show local.ctf'),
  asked('fleet size local.empty --max 3'),
  asked('fleet unsize local.empty'),
  asked('fleet configure local.empty --build-configuration ctf'),
  asked('fleet unconfigure local.empty'),
  asked('build-configurations remove local.ctf'),
  asked('builds remove local.harbour 1'),
  asked('import gsh Assets/Editor/Services/small.gsh --region local'),
  asked('drain local.dev.1'),
  asked('undrain local.dev.1'),
  asked('maintenance begin local.dev.1'),
  asked('maintenance end local.dev.1'),
  asked('repair local.dev.1'),
  asked('retire local.dev.2'),
  asked('machines'),
  asked('machine policy local.dev --slots-max 9'),
  asked('machine remove-policy local.dev'),
  { words: 'agent check -- ./server -port {port}', code: 1, away: 1 },
  { words: 'agent --slots 0 -- ./server', code: 1, away: 1 },
  local('dev --slots 0', 2),
  local('tokens create --name lobby --scopes allocate'),
  local('tokens list'),
  local('tokens revoke nobody', 1),
  local('nats config'),
  local('nats identities'),
  local('enroll machine-1'),
  interrupted(0, 0, 'nats admit --port 4377'),
  { words: 'join http://127.0.0.1:9 --secret-file ctf.yaml', code: 4, away: 4 },
  local('nats revoke machine-1'),
  // Its lines are for a shell.
  { words: 'completion bash', code: 0, away: 0, shell: (berth) => `${berth} > completion.bash` },
];
