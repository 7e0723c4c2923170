import type { BuildConfiguration } from '#build';
import { messageOf } from '#kernel';
import type { Logger } from '#service';
import type { Assignment, CheckFailure, Json, Offer, SlotRef } from '#slot';
import { slotName } from '#wire';
import { ownConfiguration } from '../builds/own-configuration.js';
import { removePayload } from '../game/payload-file.js';
import { serverJson, type Surroundings } from '../game/surroundings.js';
import type { Place, SlotFolder, SlotPorts } from '../machine/slot-folder.js';
import type { Run } from '../process/processes.js';
import type { WatchedGame } from '../watch/watched-slot.js';
import { Calls } from './calls.js';
import { Failures } from './failures.js';
import { launchOf } from './launch.js';
import { Ledger } from './ledger.js';
import type { GameSettings, Means } from './means.js';
import { isUsed, type Observed } from './observed.js';
import { offerOf } from './offer.js';
import { Preparation, sameRun } from './preparation.js';
import { isOpen, noSession, type SessionRecord } from './record.js';
import { noWords, type Words } from './words.js';

/** One slot's part of the machine: what is there, and the few things that can be done about it. */
export class Workplace {
  private run: Run | null = null;
  private serverJson: string | null = null;
  private stopping = false;
  private aborting = false;
  private remark = '';
  private words: Words = noWords;
  private readonly failures = new Failures();
  private readonly preparation: Preparation;
  private readonly ledger: Ledger;
  private readonly calls: Calls;
  private readonly log: Logger;

  private constructor(
    private readonly ref: SlotRef,
    private readonly settings: GameSettings,
    private readonly means: Means,
    private readonly folder: SlotFolder,
    private ports: SlotPorts,
    record: SessionRecord,
    /** Is told that something here has changed by itself. */
    private readonly changed: () => void,
  ) {
    this.log = means.logger.child({ slot: slotName(ref) });
    this.preparation = new Preparation(ref.slot, settings, means, () => this.prepared());
    this.ledger = new Ledger(folder, record);
    this.calls = new Calls({
      settings,
      means,
      changed,
      ledger: this.ledger,
      log: this.log,
      configurationOf: ({ process }) => this.configurationOf(process),
      surroundingsOf: ({ process }) => this.surroundingsOf(this.configurationOf(process)),
      stop: () => this.stop(),
    });
  }

  /** Finds what an earlier life of the agent left. Throws `Trouble` where no ports are free. */
  static async open(
    ref: SlotRef,
    settings: GameSettings,
    means: Means,
    { folder, place }: { readonly folder: SlotFolder; readonly place: Place | null },
    changed: () => void,
  ): Promise<Workplace> {
    const record = (await folder.readRecord()) ?? noSession;
    const run = await means.processes.find(ref.slot);
    // The ports of a running game are taken by itself; those of a session have been told.
    const areInUse = isOpen(record) || (run !== null && run.exit === null);
    const kept = areInUse ? place?.ports : null;
    const ports = kept ?? (await means.ports.secure(ref.slot));
    await folder.writePlace({ ports, retired: false });
    const workplace = new Workplace(ref, settings, means, folder, ports, record, changed);
    if (run !== null) workplace.adopt(run);
    // What the game of this run has said is known, be it that another life of the agent heard it.
    if (isUsed(workplace.observe())) workplace.hear({ readyFor: record.readyFor });
    workplace.keep([]);
    return workplace;
  }

  get offer(): Offer {
    return offerOf(this.settings, this.ports);
  }

  observe(): Observed {
    const { run, serverJson, stopping, failures, remark } = this;
    return {
      run,
      record: this.ledger.now,
      serverJson,
      calling: this.calls.isCalling,
      stopping,
      startAt: failures.startAt,
      buildConfiguration: this.settings.buildConfiguration,
      prepared: this.preparation.now,
      answerBy: Infinity,
      words: this.wordsNow,
      failure: this.failure,
      remark,
    };
  }

  /** What a game says that does not run, is nobody's word. */
  hear(words: Partial<Words>): void {
    if (this.run?.exit !== null) return;
    this.words = { ...this.words, ...words };
    const { readyFor } = this.words;
    if (!isOpen(this.ledger.now) || readyFor === this.ledger.now.readyFor) return;
    this.amend({ readyFor }).catch((error: unknown) => {
      this.log.error({ error: messageOf(error) }, 'what a game said was not kept');
    });
  }

  /** What the session's players hold, or will; null where nobody has one yet. */
  get token(): string | null {
    return this.ledger.token ?? (this.run?.exit === null ? this.run.token : null);
  }

  /** The game that runs, where it is to be queried. */
  get watched(): WatchedGame | null {
    const { run, stopping } = this;
    const { query, checks, coldStartMs } = this.configuration;
    if (run === null || run.exit !== null || stopping || query === 'none') return null;
    const { startedAt } = run.process;
    return { run: run.id, startedAt, protocol: query, port: this.ports.query, checks, coldStartMs };
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
    this.remark = '';
    this.preparation.forgive();
    const { clearedFence } = this.ledger.now;
    const runBefore = this.run?.id ?? null;
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
    const running = this.run?.exit === null ? [this.run.process] : [];
    this.preparation.keep([...running, ...(run === null ? [] : [run]), ...wanted]);
  }

  async write(allocationId: string): Promise<void> {
    const { payloadFile } = this.run ? this.configurationOf(this.run.process) : this.configuration;
    if (allocationId === '' && payloadFile) await removePayload(payloadFile, this.folder.home);
    await this.folder.writeServerJson(
      serverJson(this.surroundingsOf(this.configuration), allocationId),
    );
    this.serverJson = allocationId;
  }

  /**
   * Starts what is prepared. Throws `Trouble` where it cannot be started; the next start then waits
   * a while. `again`: for a session whose process has crashed, so its players' token has to be
   * known to the new one.
   */
  async start({ again }: { readonly again: boolean }): Promise<void> {
    const { clock, chance, processes } = this.means;
    const recipe = this.preparation.now;
    if (recipe.state !== 'ready') return;
    const token = (again ? this.ledger.token : null) ?? chance.id();
    const start = { id: chance.id(), token, startedAt: clock.now() };
    const place = this.surroundingsOf(recipe.configuration, recipe.installed.folder);
    try {
      // Another configuration may have other variables than the one it was written for.
      await this.folder.writeServerJson(serverJson(place, this.serverJson ?? ''));
      const launch = launchOf(recipe, place, this.settings.environment, start);
      const run = await processes.start(this.ref.slot, launch);
      this.log.info(
        { ...recipe.run, game: run.process.pid, port: this.ports.game },
        'started the game',
      );
      this.adopt(run);
    } catch (error) {
      this.failures.notStarted(messageOf(error), clock.now());
      throw error;
    }
  }

  /** Moves to other ports where somebody else has taken one; true if so. */
  async securePorts(): Promise<boolean> {
    const ports = await this.means.ports.secure(this.ref.slot);
    if (JSON.stringify(ports) === JSON.stringify(this.ports)) return false;
    this.log.warn({ from: this.ports, to: ports }, 'moved: somebody else listens on a port');
    this.ports = ports;
    this.serverJson = null;
    await this.folder.writePlace({ ports, retired: false });
    return true;
  }

  /** Resolves when the game has ended, which is told as a change besides. */
  async stop(graceMsMax = Infinity): Promise<void> {
    const { run } = this;
    if (run === null || run.exit !== null) return;
    this.stopping = true;
    this.log.info({ game: run.process.pid }, 'stopping the game');
    const { stopGraceMs, stopSignal } = this.configuration;
    await run.stop(Math.min(stopGraceMs, graceMsMax), stopSignal);
  }

  /** Ends a game that is not well: unlike one that is stopped, it has crashed. */
  async abort(): Promise<void> {
    const { run } = this;
    if (run === null || run.exit !== null || this.stopping) return;
    this.aborting = this.stopping = true;
    this.log.warn({ game: run.process.pid }, 'ending the game: it is not well');
    await run.abort(this.configuration.stopGraceMs);
  }

  /** That the game has answered by `until` (epoch ms), or not, is told as a change. */
  callBack(payload: Json, until: number): void {
    if (this.run !== null) void this.calls.callBack(this.run, payload, until);
  }

  hush(): void {
    this.calls.hush();
  }

  retire(): Promise<void> {
    return this.folder.writePlace({ ports: null, retired: true });
  }

  /** Lets go of everything; a game that runs goes on. */
  close(): void {
    this.hush();
    this.preparation.close();
    this.run?.release();
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

  private adopt(run: Run): void {
    this.run = run;
    run.onEnd(() => this.ended(run));
  }

  private ended(run: Run): void {
    const { exit } = run;
    const now = this.means.clock.now();
    const livedMs = now - run.process.startedAt;
    this.log.info({ game: run.process.pid, ...exit, livedMs }, 'the game has ended');
    const isPlayed = exit?.exitCode === 0 && isUsed(this.observe());
    if ((this.stopping && !this.aborting) || isPlayed) this.failures.forget();
    else this.failures.endedEarly(exit, livedMs, now);
    this.remark = run.remark;
    this.stopping = this.aborting = false;
    this.words = noWords;
    this.hush();
    if (isPlayed) void this.calls.played(run).finally(() => this.changed());
    else this.changed();
  }

  /** A hold whose time has passed is none. */
  private get wordsNow(): Words {
    const { words } = this;
    const isHeld = words.heldUntil !== null && words.heldUntil > this.means.clock.now();
    return isHeld || words.heldUntil === null ? words : { ...words, heldUntil: null };
  }

  /** Why what is to run does not; what was wrong before it runs is over. */
  private get failure(): CheckFailure | null {
    const running = this.run?.exit === null ? this.run.process : null;
    return sameRun(running, this.preparation.now.run) ? null : this.failures.failure;
  }

  /** Of what runs; else of what is to run, as far as that is known; else the agent's own. */
  private get configuration(): BuildConfiguration {
    const { now } = this.preparation;
    if (this.run?.exit === null) return this.configurationOf(this.run.process);
    return now.state === 'ready' ? now.configuration : ownConfiguration(this.settings);
  }

  private configurationOf(run: Assignment): BuildConfiguration {
    return this.preparation.configurationOf(run) ?? ownConfiguration(this.settings);
  }

  private surroundingsOf(configuration: BuildConfiguration, buildFolder: string | null = null) {
    const { fleet, ip, sdkUrl = null } = this.settings;
    const { home, logs } = this.folder;
    const { variables, query: queryType } = configuration;
    const { ref, ports } = this;
    const place = { ref, fleet, ip, ports, home, logs, sdkUrl, variables, queryType, buildFolder };
    return place satisfies Surroundings;
  }
}
