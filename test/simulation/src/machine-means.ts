import { Ports } from '../../../apps/agent/src/machine/ports.js';
import {
  SlotFolder,
  type KeptSlot,
  type SlotPorts,
} from '../../../apps/agent/src/machine/slot-folder.js';
import type { SessionRecord } from '../../../apps/agent/src/slot/session-record.js';
import type { Life } from './life.js';

/** A slot's folder on a machine's disk, which outlives the agent. */
export class MemoryFolder extends SlotFolder {
  readonly home: string;
  readonly logs: string;
  readonly user = null;

  constructor(
    private readonly disk: Map<string, unknown>,
    slot: string,
    private readonly life: Life,
  ) {
    super();
    this.home = `/${slot}`;
    this.logs = `/${slot}/logs`;
  }

  async readKept(): Promise<KeptSlot | null> {
    return this.read<KeptSlot>('slot.json');
  }

  writeKept(kept: KeptSlot): Promise<void> {
    return this.write('slot.json', kept);
  }

  async readRecord(): Promise<SessionRecord | null> {
    return this.read<SessionRecord>('session.json');
  }

  writeRecord(record: SessionRecord): Promise<void> {
    return this.write('session.json', record);
  }

  writeServerJson(text: string): Promise<void> {
    return this.write('server.json', text);
  }

  private read<T>(file: string): T | null {
    return (this.disk.get(`${this.home}/${file}`) as T | undefined) ?? null;
  }

  private write(file: string, content: unknown): Promise<void> {
    return this.life.act(() => void this.disk.set(`${this.home}/${file}`, content));
  }
}

/** Three ports for each slot, which no other program ever takes. */
export class MemoryPorts extends Ports {
  constructor(
    private readonly life: Life,
    private readonly machine: number,
  ) {
    super();
  }

  keep(): void {
    return undefined;
  }

  async taken(): Promise<null> {
    return null;
  }

  secure(slot: string): Promise<SlotPorts> {
    const game = 10_000 + 1_000 * this.machine + 3 * Number(slot);
    return this.life.act(() => ({ game, query: game + 1, callback: game + 2 }));
  }
}
