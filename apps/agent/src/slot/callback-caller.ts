import { refused, spannedCallback, type CallbackRefusal } from '#callback-http';
import { errorMessage, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import { JsonText } from '#json';
import type { Callback } from '../game/callback.js';
import { writePayload } from '../game/payload-file.js';
import type { Run } from '../process/processes.js';
import type { BuildPreparer } from './build-preparer.js';
import type { GameSupervisor } from './game-supervisor.js';
import { answerOf } from './launch.js';
import type { SessionStore } from './session-store.js';
import type { SlotEnvironment } from './slot-environment.js';

/**
 * How long (ms) to wait before a game is called again whose answer could not be written to disk.
 */
const AGAIN_MS = 1_000;

export interface CallbackCallerDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly callback: Callback;
  readonly session: SessionStore;
  readonly environment: SlotEnvironment;
  readonly builds: BuildPreparer;
  readonly game: GameSupervisor;
  /** Called when a callback has ended. */
  readonly changed: () => void;
}

/** Delivers callbacks to the game of one slot and records its answers. */
export class CallbackCaller {
  private call: AbortController | null = null;

  constructor(private readonly deps: CallbackCallerDeps) {}

  get isCalling(): boolean {
    return this.call !== null;
  }

  /**
   * Calls the game and records its answer. Calls `changed` afterwards, unless the call was
   * cancelled.
   *
   * @param until epoch ms
   */
  async callBack(run: Run, payload: JsonText, until: number): Promise<void> {
    const { log, clock, changed } = this.deps;
    const call = new AbortController();
    this.call = call;
    const outcome = await spannedCallback(this.deps.session.record.allocationId, () =>
      this.tell(run, payload, until, call.signal),
    );
    if (this.call !== call) return;
    try {
      if (outcome?.outcome === 'acked') await this.accepted(outcome.answer, run);
      if (outcome?.outcome === 'refused') await this.declined(outcome);
    } catch (error) {
      log.error({ error: errorMessage(error) }, 'the answer to a callback could not be recorded');
      await clock.sleep(AGAIN_MS);
    }
    this.call = null;
    changed();
  }

  cancel(): void {
    this.call?.abort();
    this.call = null;
  }

  private async tell(run: Run, payload: JsonText, until: number, signal: AbortSignal) {
    const { builds, environment } = this.deps;
    const configuration = builds.configurationOf(run.process);
    const { callback, payloadFile, readiness } = configuration;
    const { home, user, ports, ip } = environment;
    const { token } = run;
    // The settings may have been narrowed since the game was started.
    const forbidden = builds.forbidden(run.process);
    if (forbidden !== null) return refused(forbidden, 'not-started');
    try {
      const env = environment.variables(configuration, token);
      if (payloadFile) {
        await writePayload(payloadFile, { home, user }, { payload, token, env });
      }
    } catch (error) {
      return refused(errorMessage(error), 'not-started');
    }
    return this.deps.callback.deliver({
      ...{ game: run, ports, ip, token, payload, until, signal, callback, readiness },
    });
  }

  private async accepted(said: JsonText, run: Run): Promise<void> {
    const { session, builds, environment, log } = this.deps;
    const { token } = run;
    const configuration = builds.configurationOf(run.process);
    const variables = environment.variables(configuration, token);
    const told = answerOf(configuration.answerVariables, variables);
    const answer = said.text === 'null' ? JsonText.of(told) : said;
    log.info({ fence: session.record.fence }, 'the game accepted its callback');
    // The session keeps its first answer, whatever a restarted game answers.
    if (session.record.callback.outcome !== 'pending') return session.amend({ delivered: true });
    await session.amend({ callback: { outcome: 'acked', answer, token }, delivered: true });
  }

  private async declined(outcome: CallbackRefusal): Promise<void> {
    const { session, builds, game, log } = this.deps;
    const { fence, callback } = session.record;
    const { reason, cause } = outcome;
    log.warn({ fence, reason, cause }, 'the game refused its callback');
    if (callback.outcome === 'pending') {
      return session.amend({ callback: outcome });
    }
    // A game that was restarted after a crash refuses the session: stop it and report how it ends.
    const { running } = game;
    if (running === null) return;
    const { stopGraceMs, stopSignal } = builds.configurationOf(running.process);
    void game.stop(stopGraceMs, stopSignal);
  }
}
