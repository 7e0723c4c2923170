import { parseArgs } from 'node:util';

/** The parameters of a storm. */
export interface Plan {
  readonly minutes: number;
  readonly seed: number;
  /** Number of new requests per second, by all matchmakers together. */
  readonly requestsPerSecond: number;
  /** Whether three servers keep the log, with the leader as the main target. */
  readonly cluster: boolean;
  /** How long one allocator stands still while the others work (ms); 0: none does. */
  readonly pauseAllocatorMs: number;
  /** Whether services and matchmakers are of the last release or of this version, by chance. */
  readonly mixed: boolean;
  /** Whether nats-server is killed and restarted on an older copy of its store, again and again. */
  readonly putBack: boolean;
  /** Whether nats-server may store so little that its store can be filled, again and again. */
  readonly fullDisk: boolean;
  /** The folder for what the storm leaves behind; undefined: everything is removed. */
  readonly keep: string | undefined;
}

const PAUSE_ALLOCATOR_MS = 60_000;

export const helpText = `Usage: npm run storm -- [--minutes 3] [--seed n] [--rate 140] [--cluster]
                        [--pause-allocator] [--mixed] [--put-back] [--full-disk]
                        [--keep folder]
       npm run storm -- --collisions

Three allocators, agents with real processes and matchmakers that retry, on a real nats-server, while
all of them but the matchmakers are killed with kill -9, paused and started again at random. Then
calm, and the log is read: no id has two servers, no server two ids, no slot is left behind, no answer
was given that is not in the log, no allocator said that it is ready while nats-server was away, and
1,000 choices of slots, computed anew from the log, are as they were recorded, or it is known why not.
From two minutes on, processes are frozen for up to 40 s as well. Exits with 1 otherwise.

  --minutes     how long it lasts (default 3; with --cluster 2)
  --seed        the same seed draws the same faults and requests
  --rate        requests in each second
  --cluster     on three servers, whose stream leader is killed and paused again and again; needs
                nats-server 2.14.4 or newer:
                  go install github.com/nats-io/nats-server/v2@latest
                  NATS_CLUSTER_SERVER=$(go env GOPATH)/bin/nats-server npm run storm -- --cluster
  --pause-allocator
                one allocator is stopped for a minute under load (SIGSTOP), and goes on after that;
                it must decide nothing before it has read the log to its end
  --mixed       services are of version 0.2.0 or of this version by chance at each start, and so is
                each matchmaker; version 0.2.0 is built from the repository's history. Not with
                --put-back: it does not notice that the log went back
  --put-back    nats-server is killed and restarted on a copy of its store that was made seconds
                before, under real agents: what was told in between may be missing from the log, and
                all that is told afterwards must fit together
  --full-disk   nats-server's storage is filled and emptied under load: no allocator may say that it
                is ready meanwhile, and nothing that was acknowledged may be missing afterwards
  --keep        leaves the log, the diaries and the services' output in this folder
  --collisions  no storm: how often 2, 4 and 8 allocators get in each other's way
`;

/** @throws a `TypeError` that says what is wrong with the command line */
export function readPlan(words: readonly string[], seed: number): Plan | 'help' | 'collisions' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string', default: String(seed) },
      rate: { type: 'string', default: '140' },
      cluster: { type: 'boolean', default: false },
      mixed: { type: 'boolean', default: false },
      'put-back': { type: 'boolean', default: false },
      'full-disk': { type: 'boolean', default: false },
      'pause-allocator': { type: 'boolean', default: false },
      keep: { type: 'string' },
      collisions: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.collisions) return 'collisions';
  if (values.mixed && values['put-back']) {
    throw new TypeError(
      '--mixed without --put-back: version 0.2.0 reads on in a log that went back',
    );
  }
  return {
    minutes: positive('minutes', values.minutes ?? (values.cluster ? '2' : '3')),
    seed: positive('seed', values.seed),
    requestsPerSecond: positive('rate', values.rate),
    cluster: values.cluster,
    pauseAllocatorMs: values['pause-allocator'] ? PAUSE_ALLOCATOR_MS : 0,
    mixed: values.mixed,
    putBack: values['put-back'],
    fullDisk: values['full-disk'],
    keep: values.keep,
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new TypeError(`--${name} must be a number above 0, not "${text}"`);
}
