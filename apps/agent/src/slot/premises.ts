import type { BuildConfiguration, PayloadFile } from '#build';
import type { Logger } from '#service-runtime';
import type { Offer, SlotRef } from '#slot';
import { removePayload } from '../game/payload-file.js';
import { serverJson, type Surroundings } from '../game/surroundings.js';
import type { Place, SlotFolder, SlotPorts } from '../machine/slot-folder.js';
import type { GameSettings, Means } from './means.js';
import { offerOf } from './offer.js';

/** Where the game of one slot runs: its ports, its folder, and the server.json in it. */
export class Premises {
  private toldAllocation: string | null = null;

  private constructor(
    private readonly ref: SlotRef,
    private readonly settings: GameSettings,
    private readonly means: Means,
    private readonly folder: SlotFolder,
    private portsNow: SlotPorts,
    private readonly log: Logger,
  ) {}

  /**
   * `keepPorts`: those of a running game are taken by itself; those of a session have been told.
   * Throws `TransientError` where no ports are free.
   */
  static async open(
    ref: SlotRef,
    settings: GameSettings,
    means: Means,
    { folder, place }: { readonly folder: SlotFolder; readonly place: Place | null },
    keepPorts: boolean,
    log: Logger,
  ): Promise<Premises> {
    const kept = keepPorts ? place?.ports : null;
    const ports = kept ?? (await means.ports.secure(ref.slot));
    await folder.writePlace({ ports, retired: false });
    return new Premises(ref, settings, means, folder, ports, log);
  }

  get ports(): SlotPorts {
    return this.portsNow;
  }

  get offer(): Offer {
    return offerOf(this.settings, this.portsNow);
  }

  /** The allocation named in server.json, empty for none; null where it has to be written anew. */
  get serverJson(): string | null {
    return this.toldAllocation;
  }

  surroundings(configuration: BuildConfiguration, buildFolder: string | null = null): Surroundings {
    const { fleet, ip, sdkUrl = null } = this.settings;
    const { home, logs } = this.folder;
    const { variables, query: queryType } = configuration;
    const { ref, ports } = this;
    return { ref, fleet, ip, ports, home, logs, sdkUrl, variables, queryType, buildFolder };
  }

  async write(configuration: BuildConfiguration, allocationId: string): Promise<void> {
    const place = this.surroundings(configuration);
    await this.folder.writeServerJson(serverJson(place, allocationId));
    this.toldAllocation = allocationId;
  }

  /** Another configuration may have other variables than the one it was written for. */
  async rewrite(place: Surroundings): Promise<void> {
    await this.folder.writeServerJson(serverJson(place, this.toldAllocation ?? ''));
  }

  removePayload(payloadFile: PayloadFile): Promise<void> {
    return removePayload(payloadFile, this.folder.home);
  }

  /** Moves to other ports where somebody else has taken one; true if so. */
  async securePorts(): Promise<boolean> {
    const ports = await this.means.ports.secure(this.ref.slot);
    if (JSON.stringify(ports) === JSON.stringify(this.portsNow)) return false;
    this.log.warn({ from: this.portsNow, to: ports }, 'moved: somebody else listens on a port');
    this.portsNow = ports;
    this.toldAllocation = null;
    await this.folder.writePlace({ ports, retired: false });
    return true;
  }

  retire(): Promise<void> {
    return this.folder.writePlace({ ports: null, retired: true });
  }
}
