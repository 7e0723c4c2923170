import type { Bus, BusMessage, Subscription } from '#kernel';
import { MemoryBus, MemoryEventLog } from '#memory';
import { createLogger, SystemRandom, SystemClock } from '#service-runtime';
import { JsonText } from '#json';
import {
  endpoints,
  doneRequest,
  reserveRequest,
  decodeJson,
  encodeJson,
  slotNamed,
  slotRecordCodec,
  type Allocated,
  type DeallocationAnswer,
  type SlotRecord,
} from '#wire';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from '../../src/agent.js';
import { HttpCallback } from '../../src/game/http-callback.js';
import { numericId } from '#multiplay';
import { HostPorts } from '../../src/machine/ports.js';
import { DiskSlotFolder } from '../../src/machine/slot-folder.js';
import { GameRunner } from '../../src/process/game-runner.js';
import { TEST_GAME } from './game.js';
import { isLive, isWarm, TestRegion } from './region.js';
import { AgentSlots } from '../../src/daemon/agent-slots.js';
import { Daemon } from '../../src/daemon/daemon.js';
import { daemonLimits } from '../../src/daemon/limits.js';

const clock = new SystemClock();
const random = new SystemRandom();
const logger = createLogger('agent', 'silent');
const LIMITS = {
  callbackMs: 10_000,
  coldStartMs: 10_000,
  idleMs: 60_000,
  sessionMs: null,
  restartsMax: 2,
};

/** For the specs: an agent with four slots, real games and its daemon. The log is in memory. */
export class TestMachine {
  readonly slots = ['1', '2', '3', '4'];
  readonly regions: TestRegion[] = [];
  private readonly log: MemoryEventLog<SlotRecord> = new MemoryEventLog(slotRecordCodec, { clock });
  private readonly bus: Bus = new MemoryBus(clock);
  private agent: Agent | undefined;
  private daemon: Daemon | undefined;
  private incarnation = 1;
  /** The region of each allocation. */
  private readonly claimed = new Map<string, TestRegion>();
  /** What allocators serve. */
  private readonly served: Subscription[] = [];

  private constructor(
    private readonly data: string,
    private readonly firstPort: number,
  ) {}

  /** @param game a Node program */
  static async create(firstPort: number, game = TEST_GAME): Promise<TestMachine> {
    const data = await mkdtemp(join(tmpdir(), 'berth-daemon-'));
    await mkdir(join(data, 'bin'));
    await writeFile(join(data, 'bin', 'game.mjs'), game);
    const machine = new TestMachine(data, firstPort);
    for (const slot of machine.slots) {
      const ref = { region: 'local', agent: 'pier', slot };
      machine.regions.push(await new TestRegion(machine.log, machine.bus, ref).open());
    }
    machine.endOnRequest();
    return machine;
  }

  /** Resolves when the games of all slots run. */
  async open(): Promise<void> {
    await this.start();
    for (const region of this.regions) await region.until(isWarm);
  }

  get url(): string {
    return this.daemon?.url ?? '';
  }

  serverId(slot: string): string {
    return numericId(`local.pier.${slot}`);
  }

  allocatedUUID(slot: string): string {
    const text = this.read(slot, 'server.json');
    return (JSON.parse(text) as { allocatedUUID: string }).allocatedUUID;
  }

  /** Reads a file in the slot's folder. */
  read(slot: string, file: string): string {
    return readFileSync(join(this.data, slot, file), 'utf8');
  }

  async start(port = 0): Promise<void> {
    this.incarnation += 1;
    const { bus } = this;
    const agentSlots = new AgentSlots({ bus, clock, random });
    const deps = { slots: agentSlots, clock, random, logger, agent: 'pier', limits: daemonLimits };
    this.daemon = await Daemon.open(deps, { host: '127.0.0.1', port });
    this.agent = new Agent(
      { region: 'local', agent: 'pier', incarnation: this.incarnation },
      { game: this.settings(this.daemon.url), slots: this.slots, onStop: 'keep' },
      {
        eventLog: this.log,
        clock,
        random,
        bus,
        logger,
        processes: new GameRunner(this.data, clock),
        callback: new HttpCallback({ path: '/allocate', envelope: 'bare' }, clock),
        ports: new HostPorts({
          first: this.firstPort,
          last: Math.min(this.firstPort + 99, 65_535),
        }),
        openFolder: (slot) => DiskSlotFolder.open(this.data, slot),
        opened: (slot) => agentSlots.add(slot),
      },
    );
    await this.agent.start();
  }

  /** @param readiness whether the claim waits for the game to say that it is ready */
  async claim(slot: string, allocationId: string, payload: unknown = {}, readiness = false) {
    const region = this.region(slot);
    this.claimed.set(allocationId, region);
    await region.command({
      type: 'RequestAllocation',
      at: clock.now(),
      allocationId,
      attempt: 1,
      allocator: 'test',
      buildConfiguration: null,
      payload: JsonText.of(payload),
      idleMs: null,
      terms: readiness ? { version: 0, limits: LIMITS, readiness } : null,
      fresh: false,
      requestedBy: 'matchmaker',
    });
  }

  region(slot: string): TestRegion {
    const region = this.regions.find(({ ref }) => ref.slot === slot);
    if (region === undefined) throw new Error(`no slot ${slot}`);
    return region;
  }

  /** Stops the agent and the daemon; the games go on. */
  async stop(): Promise<void> {
    await this.agent?.close();
    await this.daemon?.close();
  }

  async dispose(): Promise<void> {
    await this.stop();
    for (const slot of this.slots) {
      const run = await new GameRunner(this.data, clock).find(slot);
      await run?.stop(0);
      run?.release();
    }
    for (const region of this.regions) region.close();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Serves requests for allocations that name their slot, as an allocator does. */
  serveRequests(): void {
    const own = endpoints.reserve.subject;
    this.listen(own.filter({ region: 'local' }), (message) => {
      const { allocationId } = decodeJson(reserveRequest, message.body);
      const { slot } = own.parse(message.subject);
      void this.serve(allocationId, slot).then((answer) => message.respond(encodeJson(answer)));
    });
  }

  /** From now on like allocators of version 0.2, which know no subjects that name the slot. */
  serveFormerRequests(): void {
    for (const subscription of this.served) subscription.close();
    this.listen('allocate.local', (message) => {
      const { allocationId = '', slot } = decodeJson(endpoints.allocate.request, message.body);
      const name = slotNamed(slot ?? '')?.slot ?? '';
      void this.serve(allocationId, name).then((answer) => message.respond(encodeJson(answer)));
    });
    this.listen('deallocate.local', (message) => {
      const { allocationId } = decodeJson(endpoints.deallocate.request, message.body);
      this.end(allocationId, message);
    });
  }

  private listen(subject: string, receive: (message: BusMessage) => void): void {
    this.served.push(this.bus.subscribe(subject, receive));
  }

  private async serve(allocationId: string, name: string): Promise<Allocated> {
    await this.claim(name, allocationId);
    const { context } = await this.region(name).until(isLive);
    const { address = '', ip = '', ports = {}, fleet = '' } = context.offer ?? {};
    return {
      status: 'allocated',
      allocationId,
      slot: `local.pier.${name}`,
      region: 'local',
      fleet,
      buildConfiguration: context.allocation?.buildConfiguration ?? '',
      address,
      ip,
      ports,
      token: context.allocation?.token ?? '',
      payload: JsonText.null,
      allocatedAt: context.allocation?.acknowledgedAt ?? 0,
    };
  }

  /** Ends an allocation on request, as an allocator does. */
  private endOnRequest(): void {
    this.listen(endpoints.done.subject.filter({ region: 'local' }), (message) => {
      this.end(decodeJson(doneRequest, message.body).allocationId, message);
    });
  }

  private end(allocationId: string, message: BusMessage): void {
    const region = this.claimed.get(allocationId);
    void region?.deallocate(allocationId).then(() => {
      const slot = `local.pier.${region.ref.slot}`;
      const answer: DeallocationAnswer = { status: 'deallocated', allocationId, slot };
      message.respond(encodeJson(answer));
    });
  }

  private settings(sdkUrl: string) {
    return {
      fleet: 'harbour',
      buildConfiguration: 'harbour-1',
      command: [process.execPath, join(this.data, 'bin', 'game.mjs')],
      environment: { PATH: process.env['PATH'] ?? '' },
      attributes: {},
      requiredAttributes: [],
      priority: 0,
      ip: '127.0.0.1',
      limits: LIMITS,
      allowed: { own: 'game', executables: [], folders: [], mode: 0o660, unlimitedBecause: null },
      keepWarm: true,
      stopGraceMs: 2_000,
      sdkUrl,
    };
  }
}
