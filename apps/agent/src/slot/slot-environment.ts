import type { BuildConfiguration, PayloadFile } from '#build';
import type { Logger } from '#service-runtime';
import { slotIds } from '#multiplay';
import { plainId, type Offer, type SlotNumbers, type SlotRef } from '#slot';
import { slotName } from '#wire';
import { isDeepStrictEqual } from 'node:util';
import { serverJson, type LaunchContext } from '../game/launch-context.js';
import { removePayload } from '../game/payload-file.js';
import type { Ports } from '../machine/ports.js';
import { temporaryIn, type SlotFolder, type SlotPorts } from '../machine/slot-folder.js';
import type { GameSettings } from './game-settings.js';
import { environmentOf } from './launch.js';
import { offerOf } from './slot-offer.js';

export interface SlotEnvironmentDeps {
  readonly ports: Ports;
  readonly folder: SlotFolder;
  readonly log: Logger;
}

/** Where the game of one slot runs: its ports, its folder, and the server.json in it. */
export class SlotEnvironment {
  private named: string | null = null;
  private numbers: SlotNumbers | undefined;

  private constructor(
    private readonly ref: SlotRef,
    private readonly settings: GameSettings,
    private readonly deps: SlotEnvironmentDeps,
    private portsNow: SlotPorts,
  ) {}

  /**
   * @param kept the slot's ports if they must not change, because a running game has bound them or
   * players were told of them; otherwise null
   * @throws {TransientError} if no ports are free
   */
  static async open(
    ref: SlotRef,
    settings: GameSettings,
    deps: SlotEnvironmentDeps,
    kept: SlotPorts | null,
  ): Promise<SlotEnvironment> {
    const ports = kept ?? (await deps.ports.secure(ref.slot));
    await deps.folder.writeKept({ ports, retired: false });
    return new SlotEnvironment(ref, settings, deps, ports);
  }

  get home(): string {
    return this.deps.folder.home;
  }

  /** The user that the slot's games run as; null: the agent's own. */
  get user(): number | null {
    return this.deps.folder.user;
  }

  get ports(): SlotPorts {
    return this.portsNow;
  }

  /** The address that players are told, and that the game is given. */
  get ip(): string {
    return this.settings.ip;
  }

  get offer(): Offer {
    return offerOf(this.settings, this.portsNow);
  }

  /**
   * The allocation named in server.json, empty for none; null if the file must be written again.
   */
  get serverJson(): string | null {
    return this.named;
  }

  /** Uses these numbers, which the log gives the slot. */
  follow(numbers: SlotNumbers | undefined): void {
    if (isDeepStrictEqual(numbers, this.numbers)) return;
    this.numbers = numbers;
    this.named = null;
  }

  launchContext(
    configuration: BuildConfiguration,
    buildFolder: string | null = null,
  ): LaunchContext {
    const { fleet, ip, addresses = {}, sdkUrl = null } = this.settings;
    const { home, logs, user } = this.deps.folder;
    const { variables, query: queryType } = configuration;
    const { ref, ports } = this;
    const ids = slotIds(slotName(ref), ref.agent, this.numbers);
    const temporary = user === null ? null : temporaryIn(home);
    const place = { ref, ids, fleet, ip, addresses, ports, home, logs, temporary };
    return { ...place, sdkUrl, variables, queryType, buildFolder };
  }

  /** The environment variables of a game that runs the configuration. */
  variables(configuration: BuildConfiguration, token: string): Record<string, string> {
    return environmentOf(this.launchContext(configuration), this.settings.environment, token);
  }

  async writeServerJson(configuration: BuildConfiguration, allocationId: string): Promise<void> {
    const context = this.launchContext(configuration);
    await this.deps.folder.writeServerJson(serverJson(context, plainId(allocationId)));
    this.named = allocationId;
  }

  /** Writes server.json again, because another configuration may have other variables. */
  async rewriteServerJson(context: LaunchContext): Promise<void> {
    await this.deps.folder.writeServerJson(serverJson(context, plainId(this.named ?? '')));
  }

  removePayload(payloadFile: PayloadFile): Promise<void> {
    return removePayload(payloadFile, this.deps.folder);
  }

  /** The first of the slot's ports that a process has bound; null if none is bound. */
  takenPort(): Promise<number | null> {
    return this.deps.ports.taken(this.portsNow);
  }

  /**
   * Moves the slot to other ports if another process has bound one; returns whether it has moved.
   */
  async securePorts(): Promise<boolean> {
    const { folder, log } = this.deps;
    const ports = await this.deps.ports.secure(this.ref.slot);
    if (JSON.stringify(ports) === JSON.stringify(this.portsNow)) return false;
    log.warn(
      { from: this.portsNow, to: ports },
      'moved to other ports: another process listens on one',
    );
    this.portsNow = ports;
    this.named = null;
    await folder.writeKept({ ports, retired: false });
    return true;
  }

  retire(): Promise<void> {
    return this.deps.folder.writeKept({ ports: null, retired: true });
  }
}
