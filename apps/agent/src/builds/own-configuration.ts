import type { BuildConfiguration, CallbackMeans, Checks } from '#build';
import type { GameSettings } from '../slot/game-settings.js';

/** The callback if the settings name none: that of GameFabric. */
const CALLBACK: CallbackMeans = {
  kind: 'http',
  path: '/allocate',
  method: 'POST',
  envelope: 'bare',
  emptyPayload: 'object',
};

const CHECKS: Checks = { everyMs: 5_000, withinMs: 1_000, failuresMax: 3 };

/**
 * Version number of the agent's own build configuration. The log never has it: its versions begin
 * at 1.
 */
export const OWN_VERSION = 0;

/** The agent's own settings in the form of a build configuration. */
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
    ...settings.gameLimits,
  };
}
