import type { BuildConfiguration } from '#build';
import { errorMessage } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Assignment, CheckFailure, Json, Offer, SlotRef } from '#slot';
import { slotName } from '#wire';
import { ownConfiguration } from '../builds/own-configuration.js';
import type { Place, SlotFolder } from '../machine/slot-folder.js';
import type { Run } from '../process/processes.js';
import type { WatchedGame } from '../watch/watched-slot.js';
import { Calls } from './calls.js';
import { Failures } from './failures.js';
import { launchOf } from './launch.js';
import { Ledger } from './ledger.js';
import type { GameSettings, Means } from './means.js';
import { isUsed, type Observed } from './observed.js';
import { Occupant } from './occupant.js';
import { Premises } from './premises.js';
import { Preparation, sameRun } from './preparation.js';
import { isOpen, noSession, type SessionRecord } from './record.js';
import type { Words } from './words.js';

/** One slot's part of the machine: what is there, and the few things that can be done about it. */
export class Workplace {
  private readonly failures = new Failures();
  private readonly occupant: Occupant;
  private readonly preparation: Preparation;
  private readonly calls: Calls;

  private constructor(
    private readonly ref: SlotRef,
    private readonly settings: GameSettings,
    private readonly means: Means,
    private readonly premises: Premises,
    private readonly ledger: Ledger,
    /** Is told that something here has changed by itself. */
    private readonly changed: () => void,
    private readonly log: Logger,
  ) {
    this.preparation = new Preparation(ref.slot, settings, means, () => this.prepared());
    this.occupant = new Occupant({
      clock: means.clock,
      log,
      failures: this.failures,
      isUsed: () => isUsed(this.observe()),
      ended: (run, isPlayed) => this.ended(run, isPlayed),
    });
    this.calls = new Calls({
      settings,
      means,
      changed,
      ledger,
      log,
      configurationOf: ({ process }) => this.configurationOf(process),
      surroundingsOf: ({ process }) => premises.surroundings(this.configurationOf(process)),
      stop: () => this.stop(),
    });
  }

  /** Finds what an earlier life of the agent left. Throws `TransientError` where no ports are free. */
  static async open(
    ref: SlotRef,
    settings: GameSettings,
    means: Means,
    kept: { readonly folder: SlotFolder; readonly place: Place | null },
    changed: () => void,
  ): Promise<Workplace> {
    const log = means.logger.child({ slot: slotName(ref) });
    const record = (await kept.folder.readRecord()) ?? noSession;
    const run = await means.processes.find(ref.slot);
    const keepPorts = isOpen(record) || (run !== null && run.exit === null);
    const premises = await Premises.open(ref, settings, means, kept, keepPorts, log);
    const ledger = new Ledger(kept.folder, record);
    const workplace = new Workplace(ref, settings, means, premises, ledger, changed, log);
    if (run !== null) workplace.occupant.adopt(run);
    // What the game of this run has said is known, be it that another life of the agent heard it.
    if (isUsed(workplace.observe())) workplace.hear({ readyFor: record.readyFor });
    workplace.keep([]);
    return workplace;
  }

  get offer(): Offer {
    return this.premises.offer;
  }

  observe(): Observed {
    const { run, isStopping: stopping, words, remark } = this.occupant;
    return {
      run,
      record: this.ledger.now,
      serverJson: this.premises.serverJson,
      calling: this.calls.isCalling,
      stopping,
      startAt: this.failures.startAt,
      buildConfiguration: this.settings.buildConfiguration,
      prepared: this.preparation.now,
      answerBy: Infinity,
      words,
      failure: this.failure,
      remark,
    };
  }

  hear(words: Partial<Words>): void {
    if (!this.occupant.hear(words)) return;
    const { readyFor } = this.occupant.words;
    if (!isOpen(this.ledger.now) || readyFor === this.ledger.now.readyFor) return;
    this.amend({ readyFor }).catch((error: unknown) => {
      this.log.error({ error: errorMessage(error) }, 'what a game said was not kept');
    });
  }

  /** What the session's players hold, or will; null where nobody has one yet. */
  get token(): string | null {
    return this.ledger.token ?? this.occupant.running?.token ?? null;
  }

  /** The game that runs, where it is to be queried. */
  get watched(): WatchedGame | null {
    const { running, isStopping } = this.occupant;
    const { query, checks, coldStartMs } = this.configuration;
    if (running === null || isStopping || query === 'none') return null;
    const { id, process } = running;
    const { startedAt } = process;
    const port = this.premises.ports.query;
    return { run: id, startedAt, protocol: query, port, checks, coldStartMs };
  }

  /** How long a callback may take that brings a crashed game its session back (ms). */
  get comebackMs(): number {
    return this.configuration.coldStartMs;
  }

  amend(change: Partial<SessionRecord>): Promise<void> {
    return this.ledger.amend(change);
  }

  /** A new claim has been seen; what was wrong before it came need not be so any more. */
  begin(fence: number, allocationId: string): Promise<void> {
    this.occupant.remark = '';
    this.preparation.forgive();
    const { clearedFence } = this.ledger.now;
    const runBefore = this.occupant.run?.id ?? null;
    return this.amend({ ...noSession, fence, clearedFence, allocationId, runBefore });
  }

  /** Makes all ready that it takes to start this. */
  prepare(run: Assignment): void {
    if (!sameRun(this.preparation.now.run, run)) this.failures.forget();
    this.preparation.prepare(run);
  }

  /** Has the files kept of what runs, what is prepared, and what is wanted besides. */
  keep(wanted: readonly Assignment[]): void {
    const { run } = this.preparation.now;
    const { running } = this.occupant;
    this.preparation.keep([
      ...(running === null ? [] : [running.process]),
      ...(run === null ? [] : [run]),
      ...wanted,
    ]);
  }

  async write(allocationId: string): Promise<void> {
    const { run } = this.occupant;
    const { payloadFile } = run ? this.configurationOf(run.process) : this.configuration;
    if (allocationId === '' && payloadFile) await this.premises.removePayload(payloadFile);
    await this.premises.write(this.configuration, allocationId);
  }

  /**
   * Starts what is prepared. Throws `TransientError` where it cannot be started; the next start then waits
   * a while. `again`: for a session whose process has crashed, so its players' token has to be
   * known to the new one.
   */
  async start({ again }: { readonly again: boolean }): Promise<void> {
    const { clock, random, processes } = this.means;
    const recipe = this.preparation.now;
    if (recipe.state !== 'ready') return;
    const token = (again ? this.ledger.token : null) ?? random.id();
    const start = { id: random.id(), token, startedAt: clock.now() };
    const place = this.premises.surroundings(recipe.configuration, recipe.installed.folder);
    try {
      await this.premises.rewrite(place);
      const launch = launchOf(recipe, place, this.settings.environment, start);
      const run = await processes.start(this.ref.slot, launch);
      const { game: port } = place.ports;
      this.log.info({ ...recipe.run, game: run.process.pid, port }, 'started the game');
      this.occupant.adopt(run);
    } catch (error) {
      this.failures.notStarted(errorMessage(error), clock.now());
      throw error;
    }
  }

  /** Moves to other ports where somebody else has taken one; true if so. */
  securePorts(): Promise<boolean> {
    return this.premises.securePorts();
  }

  /** Resolves when the game has ended, which is told as a change besides. */
  stop(graceMsMax = Infinity): Promise<void> {
    const { stopGraceMs, stopSignal } = this.configuration;
    return this.occupant.stop(Math.min(stopGraceMs, graceMsMax), stopSignal);
  }

  /** Ends a game that is not well: unlike one that is stopped, it has crashed. */
  abort(): Promise<void> {
    return this.occupant.abort(this.configuration.stopGraceMs);
  }

  /** That the game has answered by `until` (epoch ms), or not, is told as a change. */
  callBack(payload: Json, until: number): void {
    const { run } = this.occupant;
    if (run !== null) void this.calls.callBack(run, payload, until);
  }

  hush(): void {
    this.calls.hush();
  }

  retire(): Promise<void> {
    return this.premises.retire();
  }

  /** Lets go of everything; a game that runs goes on. */
  close(): void {
    this.hush();
    this.preparation.close();
    this.occupant.run?.release();
  }

  private prepared(): void {
    const { now } = this.preparation;
    if (now.state === 'ready') this.failures.forget();
    if (now.state === 'failed') {
      this.log.error({ ...now.run, reason: now.reason }, 'the game cannot be started');
      this.failures.notStarted(now.reason, this.means.clock.now());
    }
    this.changed();
  }

  private ended(run: Run, isPlayed: boolean): void {
    this.hush();
    if (isPlayed) void this.calls.played(run).finally(() => this.changed());
    else this.changed();
  }

  /** Why what is to run does not; what was wrong before it runs is over. */
  private get failure(): CheckFailure | null {
    const running = this.occupant.running?.process ?? null;
    return sameRun(running, this.preparation.now.run) ? null : this.failures.failure;
  }

  /** Of what runs; else of what is to run, as far as that is known; else the agent's own. */
  private get configuration(): BuildConfiguration {
    const { running } = this.occupant;
    if (running !== null) return this.configurationOf(running.process);
    const { now } = this.preparation;
    return now.state === 'ready' ? now.configuration : ownConfiguration(this.settings);
  }

  private configurationOf(run: Assignment): BuildConfiguration {
    return this.preparation.configurationOf(run) ?? ownConfiguration(this.settings);
  }
}
