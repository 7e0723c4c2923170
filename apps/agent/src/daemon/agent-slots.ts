import { formerId, slotIds } from '#multiplay';
import {
  DeadlinePassed,
  NobodyListens,
  refusal,
  TransientError,
  type Bus,
  type Cancel,
  type Random,
  type Clock,
  type Refusal,
} from '#kernel';
import { ask } from '#rpc';
import { DEFAULT_PROJECT, fullId, plainId, statusOf, type SlotRef, type SlotState } from '#slot';
import {
  endpoints,
  slotName,
  type AllocationAnswer,
  type DeallocationAnswer,
  type DoneRequest,
  type ReserveRequest,
} from '#wire';
import { countOf, type GameSignals } from '../slot/game-signals.js';
import type { SlotReconciler } from '../slot/slot-reconciler.js';
import { DaemonSlot, DaemonSlots, type DaemonSession, type Reservation } from './daemon-slots.js';

/** How long (ms) an allocator may take to answer; SDKs give up after 10 s. */
const ANSWER_MS = 8_000;

/** What `AgentSlot` needs beside its reconciler. */
export interface AgentSlotDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
}

/** The agent's slots, as the daemon sees them. */
export class AgentSlots extends DaemonSlots {
  private readonly slots: AgentSlot[] = [];
  /** The same slots by the ids that agents up to version 0.2 gave to their games. */
  private readonly formerly = new Map<string, AgentSlot>();
  private readonly watchers = new Set<(slot: DaemonSlot) => void>();

  constructor(private readonly deps: AgentSlotDeps) {
    super();
  }

  /** Must be called for each slot as soon as it is open. */
  add(reconciler: SlotReconciler): void {
    const slot = new AgentSlot(reconciler, this.deps);
    this.slots.push(slot);
    this.formerly.set(formerId(slotName(reconciler.ref)), slot);
    reconciler.onTold = () => {
      for (const changed of this.watchers) changed(slot);
    };
  }

  find(serverId: string): DaemonSlot | null {
    const found = this.slots.find((slot) => slot.serverId === serverId);
    return found ?? this.formerly.get(serverId) ?? null;
  }

  sessionOf(allocationId: string, only?: string): DaemonSession | null {
    const asked = this.slots.filter(({ name }) => only === undefined || name === only);
    const sessions = asked.flatMap(({ session }) => session ?? []);
    const found = sessions.filter((session) => session.allocationId === allocationId);
    // Two projects may use one id, and the game that asks does not say which it is of.
    return found.length === 1 ? (found[0] ?? null) : null;
  }

  watch(changed: (slot: DaemonSlot) => void): Cancel {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  }
}

class AgentSlot extends DaemonSlot {
  private readonly ref: SlotRef;
  /** The number that follows from the slot's name. */
  private readonly ownNumber: number;

  constructor(
    private readonly reconciler: SlotReconciler,
    private readonly deps: AgentSlotDeps,
  ) {
    super();
    this.ref = reconciler.ref;
    this.ownNumber = slotIds(slotName(this.ref), this.ref.agent).server;
  }

  get name(): string {
    return this.ref.slot;
  }

  get serverId(): string {
    return String(this.reconciler.logged.context.numbers?.server ?? this.ownNumber);
  }

  get session(): DaemonSession | null {
    const { told, token } = this.reconciler;
    if (told === null) return null;
    const { id, payload } = told.allocation;
    return { fence: told.fence, allocationId: plainId(id), payload, token };
  }

  get isReady(): boolean {
    const { session } = this;
    return session !== null && this.reconciler.signals.readyFor === session.fence;
  }

  get players(): number | null {
    const counted = countOf(this.reconciler.signals);
    return counted !== null && 'players' in counted ? counted.players : null;
  }

  get heldUntil(): number | null {
    return this.reconciler.signals.heldUntil;
  }

  async ready(allocationId: string): Promise<Refusal | null> {
    const { session } = this;
    if (session?.allocationId !== allocationId) return unknown(allocationId);
    this.reconciler.receive({ readyFor: session.fence });
    return null;
  }

  async unready(): Promise<null> {
    return this.receive({ readyFor: null });
  }

  async count(players: number): Promise<null> {
    return this.receive({ players });
  }

  async hold(until: number): Promise<null> {
    return this.receive({ heldUntil: until });
  }

  async release(): Promise<null> {
    return this.receive({ heldUntil: null });
  }

  /** Allocates this very slot, on behalf of its own game. */
  async reserve(): Promise<Reservation | Refusal> {
    const taken = takenBecause(this.reconciler.logged);
    if (taken !== null) return taken;
    const requestedAt = this.deps.clock.now();
    const id = this.deps.random.id();
    const { projects = [DEFAULT_PROJECT] } = this.reconciler.logged.context.offer ?? {};
    const allocationId = fullId(projects[0] ?? DEFAULT_PROJECT, id);
    const answer = await answered(this.allocate({ allocationId, timeoutMs: ANSWER_MS }));
    if (answer.status === 'refused') {
      // A matchmaker may have taken the slot first; by now the log shows it.
      return takenBecause(this.reconciler.logged) ?? refusal(answer.code, answer.message);
    }
    const { buildConfiguration, ip, addresses, ports, allocatedAt } = answer;
    const gamePort = ports['game'] ?? 0;
    const place = { ip, ...(addresses && { addresses }), gamePort };
    return { id, buildConfiguration, requestedAt, fulfilledAt: allocatedAt, ...place };
  }

  unreserve(): Promise<Refusal | null> {
    return this.session === null
      ? Promise.resolve(null)
      : this.end('the game ends its reservation');
  }

  done(): Promise<Refusal | null> {
    return this.end('the game says that its session is over');
  }

  private async end(reason: string): Promise<Refusal | null> {
    const { told } = this.reconciler;
    if (told === null) return refusal('unknown-allocation', 'this server has no session to end');
    const answer = await answered(this.deallocate({ allocationId: told.allocation.id, reason }));
    if (answer.status === 'deallocated' || answer.code === 'ended') return null;
    return refusal(answer.code, answer.message);
  }

  private allocate(request: ReserveRequest): Promise<AllocationAnswer> {
    const { bus } = this.deps;
    const { region } = this.ref;
    const slot = slotName(this.ref);
    return orFormerly(ask(bus, endpoints.reserve, this.ref, request, ANSWER_MS), () =>
      ask(bus, endpoints.allocate, { region }, { ...request, slot, by: this.caller }, ANSWER_MS),
    );
  }

  private deallocate(request: DoneRequest): Promise<DeallocationAnswer> {
    const { bus } = this.deps;
    const { region } = this.ref;
    return orFormerly(ask(bus, endpoints.done, this.ref, request, ANSWER_MS), () =>
      ask(bus, endpoints.deallocate, { region }, { ...request, by: this.caller }, ANSWER_MS),
    );
  }

  /** Who asks, as allocators of this version record it. */
  private get caller(): string {
    return `game ${slotName(this.ref)}`;
  }

  private receive(signals: Partial<GameSignals>): null {
    this.reconciler.receive(signals);
    return null;
  }
}

/**
 * Asks again by the subject of version 0.2 where every allocator is of that version: it does not
 * know the subjects that name the slot.
 */
async function orFormerly<T>(asked: Promise<T>, askFormerly: () => Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NobodyListens) return askFormerly();
    throw error;
  }
}

/** Throws `TransientError` if no allocator answers. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (!(cause instanceof TransientError)) throw cause;
    const what =
      cause instanceof DeadlinePassed ? 'no allocator answered in time' : 'no allocator is running';
    throw new TransientError(`${what}: ask again`, { cause });
  }
}

/** Why a game cannot reserve its own server; null if nothing is known to prevent it. */
function takenBecause(state: SlotState): Refusal | null {
  const status = statusOf(state);
  if (status === 'available' || status === 'unregistered') return null;
  if (status === 'allocated') {
    const id = plainId(state.context.allocation?.id ?? '');
    return refusal('reserved', `this server is reserved already, by allocation "${id}"`);
  }
  if (status === 'deallocated') {
    return refusal('ending', 'the last session of this server is being cleared: ask again');
  }
  return refusal('out-of-service', `this server is out of service: ${status}`);
}

function unknown(allocationId: string): Refusal {
  return refusal('unknown-allocation', `this server does not have allocation "${allocationId}"`);
}
