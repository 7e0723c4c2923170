import { Heartbeat, loginIn, SlotWatch, type Identity } from '#slot-owner';
import type { Cancel } from '#kernel';
import { version } from '#service-runtime';
import { DEFAULT_PROJECT, fullId, statusOf, type SlotState } from '#slot';
import {
  addressKey,
  type DeregistrationAnswer,
  type DeregistrationRequest,
  type KeepAliveRequest,
  type RegistrarRefusalCode,
  type RegistrarRefused,
  type RegistrationAnswer,
  type RegistrationRequest,
} from '#wire';
import type { RegistrarDeps } from './registrar-deps.js';
import { RegisteredServer } from './registered-server.js';
import { registrationOf, strangerOf, type Registration } from './registration.js';
import { slotNames } from './slot-names.js';

/** How often (ms) leases are checked; a lease is a number of seconds. */
const LOOK_MS = 1_000;

/** How long (ms) the answer to a registration waits for the log to show the slot. */
const SHOWN_MS = 3_000;

/** Owns the slots of a region's registered servers, as an agent owns those of its machine. */
export class Registrar {
  /** Servers by slot, including those whose slot the log does not show as retired yet. */
  private readonly servers = new Map<string, RegisteredServer>();
  /** The last registration of each address in each project. */
  private readonly byAddress = new Map<string, RegisteredServer>();
  private readonly nextName: (address: string) => string;
  private readonly heartbeat: Heartbeat;
  private readonly watch: SlotWatch;
  private cancelLooks: Cancel = () => undefined;

  constructor(
    private readonly identity: Identity,
    private readonly deps: RegistrarDeps,
  ) {
    this.nextName = slotNames(identity.incarnation);
    this.heartbeat = new Heartbeat(identity, deps.bus, deps.clock, () => ({
      version,
      ...loginIn(deps.loginLeftMs?.()),
    }));
    const { servers } = this;
    this.watch = new SlotWatch(
      identity,
      {
        of: (slot, state) => servers.get(slot) ?? this.stranger(slot, state),
        all: () => servers.values(),
      },
      deps,
    );
  }

  /** How many servers it knows, including those that the log does not show as retired yet. */
  get size(): number {
    return this.servers.size;
  }

  /**
   * Takes over the registrations on disk. Every lease begins anew, because no server could send
   * keep-alives while the registrar was down.
   */
  start(): void {
    const { folder, logger, clock } = this.deps;
    const kept = folder.read((file, reason) => logger.error({ file, reason }, 'set aside'));
    for (const registration of kept.toSorted(
      (one, other) => one.registeredAt - other.registeredAt,
    )) {
      this.add(registration);
    }
    this.heartbeat.start();
    this.cancelLooks = clock.every(LOOK_MS, () => this.look());
    const { region, agent } = this.identity;
    logger.info({ region, agent, servers: kept.length }, 'the registrar is up');
    this.watch.start();
  }

  /** Why no server can be registered now; null if servers can be. */
  unreadyBecause(): string | null {
    return this.watch.unreadBecause();
  }

  close(): void {
    this.cancelLooks();
    this.heartbeat.stop();
    this.watch.close();
    this.deps.retirements.close();
    for (const server of this.servers.values()) void server.close();
  }

  /** Answers when the server can be allocated, or after `SHOWN_MS` that it will be. */
  async register(request: RegistrationRequest): Promise<RegistrationAnswer> {
    const { callbacks, settings, clock } = this.deps;
    const { callback, address } = request;
    if (callback !== undefined) {
      const denied = await callbacks.deniedBecause(callback.url, address);
      if (denied !== null) {
        const code = denied.code === 'forbidden' ? 'callback-forbidden' : 'invalid';
        return refused(code, `callback.url: ${denied.reason}`);
      }
    }
    if (!this.watch.isFollowing) return NOT_FOLLOWING;
    const before = this.byAddress.get(keyOf(request));
    if (before?.isProvenBy({ ...request, token: callback?.token }) === false) {
      return notProven(address);
    }
    const now = clock.now();
    const registration = registrationOf(request, this.nextName(address), now, settings);
    const server = this.renewed(registration) ?? this.added(registration);
    if (server === null) {
      const { serversMax } = settings;
      return refused(
        'too-many-servers',
        `${serversMax} servers are registered, which is the maximum`,
      );
    }
    const offered = await server.whenShown(SHOWN_MS);
    const { region } = this.identity;
    const timeout = registration.leaseMs / 1_000;
    return { status: 'registered', address, region, slot: server.name, timeout, offered };
  }

  /** Refuses once the server was allocated: that tells GameFabric's servers that they were. */
  keepAlive({ address, project, timeout }: KeepAliveRequest): RegistrationAnswer {
    const server = this.byAddress.get(keyOf({ address, project }));
    if (!server?.isOffered) return unknownServer(address);
    const seconds = server.extend(timeout === undefined ? undefined : timeout * 1_000);
    // While the log was not read it may have been allocated.
    if (!this.watch.isFollowing) return NOT_FOLLOWING;
    return {
      status: 'registered',
      address: server.address,
      region: this.identity.region,
      slot: server.name,
      timeout: seconds,
      offered: server.isShown,
    };
  }

  /** Ends the server's session too, if it has one. */
  deregister({ address, project, by, ...shown }: DeregistrationRequest): DeregistrationAnswer {
    if (!this.watch.isFollowing) return NOT_FOLLOWING;
    const key = keyOf({ address, project });
    const server = this.byAddress.get(key);
    if (server === undefined) return unknownServer(address);
    if (!server.isProvenBy(shown)) return notProven(address);
    this.byAddress.delete(key);
    server.depart('deregistered', by);
    return { status: 'deregistered', address: server.address };
  }

  /**
   * The same server keeps its slot if it registers again while it is free. Any other server at the
   * address replaces it.
   */
  private renewed(registration: Registration): RegisteredServer | null {
    const before = this.byAddress.get(keyOf(registration));
    if (before === undefined) return null;
    if (!before.isOffered || !before.isSameAs(registration)) {
      before.depart('replaced', registration.by);
      return null;
    }
    before.renew(registration);
    return before;
  }

  private added(registration: Registration): RegisteredServer | null {
    if (this.servers.size >= this.deps.settings.serversMax) return null;
    this.deps.folder.write(registration);
    const server = this.add(registration);
    server.reconcile();
    return server;
  }

  private add(registration: Registration): RegisteredServer {
    const { region, agent, incarnation } = this.identity;
    const { slot } = registration;
    const key = keyOf(registration);
    const ref = { region, agent, slot };
    const server = new RegisteredServer(ref, incarnation, registration, this.deps, () => {
      this.servers.delete(slot);
      if (this.byAddress.get(key) === server) this.byAddress.delete(key);
    });
    this.servers.set(slot, server);
    const isGone =
      registration.departure === 'unknown' || registration.departure === 'deregistered';
    if (!isGone) this.byAddress.set(key, server);
    return server;
  }

  private look(): void {
    if (!this.watch.isFollowing) return;
    const now = this.deps.clock.now();
    for (const server of this.servers.values()) server.look(now);
  }

  /** A slot that only the log knows. It is retired, so that it is not offered for ever. */
  private stranger(slot: string, state: SlotState): RegisteredServer | undefined {
    const { offer } = state.context;
    if (statusOf(state) === 'retired' || offer === null) return undefined;
    return this.add(strangerOf(slot, offer));
  }
}

/** Projects do not replace each other's registrations, nor keep them alive. */
function keyOf({
  address,
  project = DEFAULT_PROJECT,
}: Pick<KeepAliveRequest, 'address' | 'project'>) {
  return fullId(project, addressKey(address) ?? address);
}

function unknownServer(address: string): RegistrarRefused {
  return refused(
    'unknown-server',
    `no server is registered under ${address}: it was allocated, or its lease ran out; register again`,
  );
}

function notProven(address: string): RegistrarRefused {
  return refused(
    'not-proven',
    `another server is registered under ${address}; send its callback token as X-Callback-Token, or wait until its lease runs out`,
  );
}

function refused(code: RegistrarRefusalCode, message: string): RegistrarRefused {
  return { status: 'refused', code, message };
}

/** Until the log has been read, the registrar may not know everything about a server. */
const NOT_FOLLOWING = refused('not-ready', 'the registrar waits for the log of slots; ask again');
