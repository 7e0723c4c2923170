/** A block that cannot be run on this machine, and why. */
interface Elsewhere {
  readonly document: string;
  /** The beginning of the block. */
  readonly begins: string;
  readonly because: string;
}

/**
 * Blocks that are not run, each with its reason. The test checks that none is missing or out of
 * date.
 */
export const ELSEWHERE: readonly Elsewhere[] = [
  {
    document: 'README.md',
    begins: 'npm ci && npm start',
    because: 'it would install over the packages that this test runs with; `berth dev` is started',
  },
  {
    document: 'README.md',
    begins: 'npm ci && npm test',
    because: 'this is part of it',
  },
  {
    document: 'CONTRIBUTING.md',
    begins: 'npm ci',
    because: 'it would install over the packages that this test runs with',
  },
  {
    document: 'docs/operating.md',
    begins: 'jetstream {',
    because: 'a part of a configuration file; the one that berth writes has its own spec',
  },
  {
    document: 'docs/operating.md',
    begins: 'systemctl stop nats-server',
    because: 'it stops nats-server; test/supervision/src/backup.spec.ts types it beside sessions',
  },
  {
    document: 'docs/agent.md',
    begins: 'berth agent --extra-ports',
    because: "the game and the addresses are the reader's; the flags are read by specs of apps/cli",
  },
  {
    document: 'docs/agent.md',
    begins: 'berth agent --game-users',
    because: 'it needs root; test/supervision/src/isolation.spec.ts runs such an agent',
  },
  {
    document: 'docs/audit.md',
    begins: 'berth audit export incident',
    because: 'the copy is served until Ctrl-C; a spec of apps/cli exports, imports and reads one',
  },
  {
    document: 'docs/tracing.md',
    begins: 'OTEL_EXPORTER',
    because: 'it needs a receiver; test/end-to-end/src/traces.spec.ts has one',
  },
  {
    document: 'docs/tracing.md',
    begins: 'matchmaker ',
    because: 'test/end-to-end/src/traces.spec.ts exports such a trace',
  },
  {
    document: 'docs/security.md',
    begins: 'berth forget match-1',
    because: 'payloads are not encrypted here; test/end-to-end/src/forgotten.spec.ts forgets some',
  },
  {
    document: 'docs/security.md',
    begins: 'berth enroll machine-2',
    because: 'it serves until Ctrl-C; a spec of apps/cli enrolls machines so',
  },
  {
    document: 'docs/security.md',
    begins: 'berth machine policy',
    because: 'other examples need the slots; test/end-to-end/src/hostile.spec.ts sets a policy',
  },
  {
    document: 'docs/security.md',
    begins: 'BERTH_PROJECTS=',
    because: "the game and the machine are the reader's; specs of test/tenants start such agents",
  },
  {
    document: 'docs/agent.md',
    begins: '[Unit]',
    because: 'a unit needs systemd',
  },
];
