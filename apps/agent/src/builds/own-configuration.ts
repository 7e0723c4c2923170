import type { BuildConfiguration, CallbackMeans, Checks } from '#build';
import type { GameSettings } from '../slot/game-settings.js';

/** What Berth's callback is where nothing else is said; as GameFabric's. */
const CALLBACK: CallbackMeans = {
  kind: 'http',
  path: '/allocate',
  method: 'POST',
  envelope: 'bare',
  emptyPayload: 'object',
};

const CHECKS: Checks = { everyMs: 5_000, withinMs: 1_000, failuresMax: 3 };

/** The version that an agent's own settings have: no log knows of it. */
export const OWN_VERSION = 0;

/** What the agent itself is set to, said as every other build configuration is. */
export function ownConfiguration(settings: GameSettings): BuildConfiguration {
  const { command, limits, stopGraceMs } = settings;
  const { callback = CALLBACK, query = 'none', checks = CHECKS, countBots = false } = settings;
  const [executable = '', ...words] = command;
  return {
    build: null,
    executable,
    arguments: words,
    workingDirectory: 'slot',
    variables: {},
    query,
    checks,
    countBots,
    callback,
    readiness: false,
    payloadFile: null,
    answerVariables: [],
    stopSignal: 'SIGTERM',
    stopGraceMs,
    ...limits,
  };
}
