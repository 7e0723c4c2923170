import { messageOf } from '#kernel';
import type { Logger } from '#service';
import type { Json, Offer, SlotRef } from '#slot';
import { slotName } from '#wire';
import { fillIn } from '../game/command-line.js';
import { placeholders, serverJson, variables, type Surroundings } from '../game/surroundings.js';
import type { Place, SlotFolder, SlotPorts } from '../machine/slot-folder.js';
import type { Run } from '../process/processes.js';
import { backoffMs, HEALTHY_MS } from './backoff.js';
import type { GameSettings, Means } from './means.js';
import { isUsed, type Observed } from './observed.js';
import { offerOf } from './offer.js';
import { isOpen, noSession, type SessionRecord } from './record.js';

/** After the machine failed to keep a game's answer, the game is asked again (ms). */
const AGAIN_MS = 1_000;

/** One slot's part of the machine: what is there, and the few things that can be done about it. */
export class Workplace {
  private run: Run | null = null;
  private serverJson: string | null = null;
  private call: AbortController | null = null;
  private stopping = false;
  private failures = 0;
  private startAt = 0;
  private readonly log: Logger;

  private constructor(
    private readonly ref: SlotRef,
    private readonly settings: GameSettings,
    private readonly means: Means,
    private readonly folder: SlotFolder,
    private ports: SlotPorts,
    private record: SessionRecord,
    /** Is told that something here has changed by itself. */
    private readonly changed: () => void,
  ) {
    this.log = means.logger.child({ slot: slotName(ref) });
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
    return workplace;
  }

  get offer(): Offer {
    return offerOf(this.settings, this.ports);
  }

  observe(): Observed {
    const { run, record, serverJson, stopping, startAt } = this;
    const { buildConfiguration } = this.settings;
    const calling = this.call !== null;
    return { run, record, serverJson, calling, stopping, startAt, buildConfiguration };
  }

  async amend(change: Partial<SessionRecord>): Promise<void> {
    const record = { ...this.record, ...change };
    await this.folder.writeRecord(record);
    this.record = record;
  }

  async write(allocationId: string): Promise<void> {
    await this.folder.writeServerJson(serverJson(this.surroundings, allocationId));
    this.serverJson = allocationId;
  }

  /**
   * Throws `Trouble` where it cannot be started; the next start then waits a while. `again`: for a
   * session whose process has crashed, so its players' token has to be known to the new one.
   */
  async start({ again }: { readonly again: boolean }): Promise<void> {
    const { clock, chance, processes } = this.means;
    const { buildConfiguration, command, environment } = this.settings;
    const startedAt = clock.now();
    const token = (again ? this.sessionToken : null) ?? chance.id();
    const words = placeholders(this.surroundings, command[0] ?? '', startedAt);
    try {
      const run = await processes.start(this.ref.slot, {
        id: chance.id(),
        token,
        startedAt,
        buildConfiguration,
        version: 0,
        command: fillIn(command, words),
        environment: { ...environment, ...variables(this.surroundings, token) },
      });
      this.log.info({ game: run.process.pid, port: this.ports.game }, 'started the game');
      this.adopt(run);
    } catch (error) {
      this.failed();
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
    await run.stop(Math.min(this.settings.stopGraceMs, graceMsMax));
  }

  /** Calls the game back; that it has answered, or not in time, is told as a change. */
  async callBack(payload: Json, withinMs: number): Promise<void> {
    const { run } = this;
    if (run === null) return;
    const { clock, callback } = this.means;
    const call = new AbortController();
    this.call = call;
    const { callback: port } = this.ports;
    const { token } = run;
    const until = clock.now() + withinMs;
    const outcome = await callback.deliver({ port, token, payload, until, signal: call.signal });
    // Whoever hushed the call wants to know no more.
    if (this.call !== call) return;
    try {
      if (outcome?.outcome === 'acked') await this.accepted(outcome.answer, token);
      if (outcome?.outcome === 'refused') await this.declined(outcome.reason);
    } catch (error) {
      this.log.error({ error: messageOf(error) }, 'the answer to a callback was lost');
      await clock.sleep(AGAIN_MS);
    }
    this.call = null;
    this.changed();
  }

  hush(): void {
    this.call?.abort();
    this.call = null;
  }

  retire(): Promise<void> {
    return this.folder.writePlace({ ports: null, retired: true });
  }

  /** Lets go of everything; a game that runs goes on. */
  close(): void {
    this.hush();
    this.run?.release();
  }

  private async accepted(answer: Json, token: string): Promise<void> {
    const { fence, callback } = this.record;
    this.log.info({ fence }, 'the game accepted its callback');
    // The first answer is the session's; what a restarted game answers changes nothing of it.
    if (callback.outcome !== 'pending') return this.amend({ delivered: true });
    await this.amend({ callback: { outcome: 'acked', answer, token }, delivered: true });
  }

  private async declined(reason: string): Promise<void> {
    const { fence, callback } = this.record;
    this.log.warn({ fence, reason }, 'the game refused its callback');
    if (callback.outcome === 'pending') {
      return this.amend({ callback: { outcome: 'refused', reason } });
    }
    // It came back after a crash and will not have its session: its end is the next crash.
    void this.stop();
  }

  /** What the session's players hold; null where nobody was told one yet. */
  private get sessionToken(): string | null {
    const { callback } = this.record;
    return isOpen(this.record) && callback.outcome === 'acked' ? callback.token : null;
  }

  private adopt(run: Run): void {
    this.run = run;
    run.onEnd(() => this.ended(run));
  }

  private ended(run: Run): void {
    const { exit } = run;
    const livedMs = this.means.clock.now() - run.process.startedAt;
    this.log.info({ game: run.process.pid, ...exit, livedMs }, 'the game has ended');
    const wasDue = this.stopping || (exit?.exitCode === 0 && isUsed(this.observe()));
    if (wasDue || livedMs >= HEALTHY_MS) this.failures = 0;
    if (!wasDue) this.failed();
    this.stopping = false;
    this.hush();
    this.changed();
  }

  private failed(): void {
    this.failures += 1;
    this.startAt = this.means.clock.now() + backoffMs(this.failures);
  }

  private get surroundings(): Surroundings {
    const { fleet, ip } = this.settings;
    const { home, logs } = this.folder;
    return { ref: this.ref, fleet, ip, ports: this.ports, home, logs };
  }
}
