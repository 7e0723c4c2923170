import type { BuildConfiguration } from '#build';
import { errorMessage } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Json } from '#slot';
import { writePayload } from '../game/payload-file.js';
import type { Surroundings } from '../game/surroundings.js';
import type { Run } from '../process/processes.js';
import { answerOf, environmentOf } from './launch.js';
import type { Ledger } from './ledger.js';
import type { GameSettings, Means } from './means.js';

/** After the machine failed to keep a game's answer, the game is asked again (ms). */
const AGAIN_MS = 1_000;

/** What the callbacks of one slot need to know of it, and may do to it. */
export interface CalledSlot {
  readonly settings: GameSettings;
  readonly means: Means;
  readonly ledger: Ledger;
  readonly log: Logger;
  configurationOf(run: Run): BuildConfiguration;
  surroundingsOf(run: Run): Surroundings;
  stop(): Promise<void>;
  /** To be called when something has changed by itself. */
  readonly changed: () => void;
}

/** Tells the game of one slot of its sessions, and writes down what it makes of them. */
export class Calls {
  private call: AbortController | null = null;

  constructor(private readonly slot: CalledSlot) {}

  get isCalling(): boolean {
    return this.call !== null;
  }

  /**
   * That it has answered, or not in time, is told as a change.
   *
   * @param until epoch ms
   */
  async callBack(run: Run, payload: Json, until: number): Promise<void> {
    const { log, means, changed } = this.slot;
    const call = new AbortController();
    this.call = call;
    const outcome = await this.tell(run, payload, until, call.signal);
    // Whoever hushed the call wants to know no more.
    if (this.call !== call) return;
    try {
      if (outcome?.outcome === 'acked') await this.accepted(outcome.answer, run);
      if (outcome?.outcome === 'refused') await this.declined(outcome.reason);
    } catch (error) {
      log.error({ error: errorMessage(error) }, 'the answer to a callback was lost');
      await means.clock.sleep(AGAIN_MS);
    }
    this.call = null;
    changed();
  }

  hush(): void {
    this.call?.abort();
    this.call = null;
  }

  /** A game that is not called and ends well, has had its session, however short it was. */
  async played(run: Run): Promise<void> {
    const { ledger, log } = this.slot;
    const { callback } = this.slot.configurationOf(run);
    if (ledger.now.callback.outcome !== 'pending' || callback.kind !== 'none') return;
    try {
      await this.accepted(null, run);
    } catch (error) {
      log.error({ error: errorMessage(error) }, 'the end of a session was lost');
    }
  }

  private async tell(run: Run, payload: Json, until: number, signal: AbortSignal) {
    const { callback: means, payloadFile, readiness } = this.slot.configurationOf(run);
    const { home, ports } = this.slot.surroundingsOf(run);
    const { token, process } = run;
    const listener = readiness ? null : { pid: process.pid, port: ports.game };
    const port = ports.callback;
    try {
      const env = this.environmentOf(run);
      if (payloadFile) await writePayload(payloadFile, home, { payload, token, env });
    } catch (error) {
      return { outcome: 'refused', reason: errorMessage(error) } as const;
    }
    const { callback } = this.slot.means;
    return callback.deliver({ port, token, payload, until, signal, means, listener });
  }

  private async accepted(said: Json, run: Run): Promise<void> {
    const { ledger, log } = this.slot;
    const { token } = run;
    const names = this.slot.configurationOf(run).answerVariables;
    const answer = said ?? answerOf(names, this.environmentOf(run));
    log.info({ fence: ledger.now.fence }, 'the game accepted its callback');
    // The first answer is the session's; what a restarted game answers changes nothing of it.
    if (ledger.now.callback.outcome !== 'pending') return ledger.amend({ delivered: true });
    await ledger.amend({ callback: { outcome: 'acked', answer, token }, delivered: true });
  }

  private environmentOf(run: Run): Record<string, string> {
    const { environment } = this.slot.settings;
    return environmentOf(this.slot.surroundingsOf(run), environment, run.token);
  }

  private async declined(reason: string): Promise<void> {
    const { ledger, log } = this.slot;
    const { fence, callback } = ledger.now;
    log.warn({ fence, reason }, 'the game refused its callback');
    if (callback.outcome === 'pending') {
      return ledger.amend({ callback: { outcome: 'refused', reason } });
    }
    // It came back after a crash and will not have its session: its end is the next crash.
    void this.slot.stop();
  }
}
