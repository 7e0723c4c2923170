import { counted } from './words.js';

/** What an event says beside its type, as the API shows it; fields may be missing, or unknown. */
type Data = Readonly<Record<string, unknown>>;

/**
 * Why an event happened, or what it says, in one line for people. Empty if the event's type says it all.
 * Types and fields that this version does not know are passed over.
 */
export function whyOf(type: string, data: Data): string {
  const told = [WHY[type]?.(data) ?? '', text(data['reason']), text(data['remark'])];
  return told.filter((part) => part !== '').join(': ');
}

const WHY: Readonly<Record<string, (data: Data) => string>> = {
  SlotRegistered: ({ offer }) => listed(inside(offer), ['fleet', 'buildConfiguration', 'address']),
  ProcessStarted: ({ process }) => processOf(process),
  AllocationRequested: ({ allocationId, attempt }) =>
    `for ${text(allocationId)}${attempt === 1 ? '' : `, attempt ${text(attempt)}`}`,
  CallbackAcked: ({ process }) =>
    ['the game took the session', processOf(process)].filter(Boolean).join(', '),
  CallbackRefused: ({ cause }) => text(cause),
  WentActive: ({ players, uncounted }) => {
    if (uncounted !== undefined) return `players cannot be counted: ${text(uncounted)}`;
    return typeof players === 'number' ? counted(players, 'player') : '';
  },
  WentIdle: () => 'no players',
  ExitedZero: ({ cleared }) =>
    ['the process exited with 0', cleared === undefined ? '' : clearing(inside(cleared))]
      .filter(Boolean)
      .join(', '),
  Crashed: crash,
  TtlExpired: ({ limit }) => `the ${text(limit)} limit has passed`,
  SlotCleared: ({ process }) => leftOver(process),
  CheckFailed: ({ failure }) => listed(inside(failure), ['check', 'reason']),
  WarmthSet: ({ warmth }) =>
    warmth === null ? 'as its agent is set' : warmth === true ? 'warm' : 'cold',
  ConfigurationAssigned: ({ assigned }) =>
    assigned === null ? 'as its agent is set' : configuration(inside(assigned)),
  HoldSet: ({ until }) =>
    typeof until === 'number' ? `until ${new Date(until).toISOString()}` : 'withdrawn',
  SessionRestored: ({ allocation }) =>
    `the log had lost it; ${text(inside(allocation)['id'])} runs on the machine`,
  AgentLost: () => 'nobody hears its agent',
};

/** Versions that recorded no reason recorded how the process ended. */
function crash({ exitCode, signal, consequence, reason, lastLine }: Data): string {
  const how = signal === null ? `exit code ${text(exitCode)}` : text(signal);
  const end = text(reason) === '' ? `${how}, ${text(consequence)}` : '';
  return [end, lastLine === undefined ? '' : `last line "${text(lastLine)}"`]
    .filter(Boolean)
    .join(', ');
}

function clearing({ process, remark }: Data): string {
  return [leftOver(process), text(remark)].filter(Boolean).join(': ');
}

function leftOver(process: unknown): string {
  const run = processOf(process);
  if (process === null) return 'no process is left';
  return run === '' ? '' : `${run} runs now`;
}

function processOf(process: unknown): string {
  const { pid, ...run } = inside(process);
  return pid === undefined ? '' : `process ${text(pid)} of ${configuration(run)}`;
}

function configuration({ buildConfiguration, version }: Data): string {
  const name = text(buildConfiguration);
  return version === undefined || version === 0 ? name : `${name}, version ${text(version)}`;
}

function listed(data: Data, keys: readonly string[]): string {
  return keys
    .map((key) => text(data[key]))
    .filter(Boolean)
    .join(', ');
}

function inside(value: unknown): Data {
  return typeof value === 'object' && value !== null ? (value as Data) : {};
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}
