import {
  RateLimits,
  TokenSet,
  credentialsIn,
  exchange,
  followKeys,
  followTokens,
  ownKeys,
  type AccessToken,
  type Holder,
  type ListedSecrets,
  type Scope,
  type SigningKeys,
} from '#auth';
import { ConfigInvalid, isLoopback, type Logger } from '#service-runtime';
import type { Cancel, Clock } from '#kernel';
import { DEFAULT_PROJECT } from '#slot';
import type { GatewayConfig } from '../config.js';
import { Problem } from '../http/problems.js';
import type { Caller } from './caller.js';
import { FailedAttempts } from './failed-attempts.js';
import type { Needs } from './requires.js';

/** With one of these, a token of no project sees all of them. */
const OF_INSTALLATION: readonly Scope[] = ['observe', 'operate', 'audit'];

/** A route without declared needs is for operators only. */
const UNDECLARED: Needs = ['operate'];

/**
 * Decides who may do what: takes a header and the needs of a route, and returns a caller or throws.
 */
export class Access {
  /** Whether everyone may do everything. */
  private readonly isOpen: boolean;
  private readonly lists: readonly ListedSecrets[];
  private tokens = new TokenSet([]);
  private readonly limits = new RateLimits();
  private readonly failures: FailedAttempts;
  private keys: SigningKeys = ownKeys();
  private readonly stops: Cancel[] = [];

  private constructor(
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.failures = new FailedAttempts(config.BERTH_FAILURE_RATE, clock);
    this.lists = listsOf(config);
    this.isOpen = config.BERTH_TOKENS === undefined && this.lists.length === 0;
  }

  /**
   * @throws {ConfigInvalid} there are no tokens, and the gateway would listen beyond loopback.
   * @throws {TokenFileInvalid} the file of tokens cannot be used.
   */
  static async open(config: GatewayConfig, clock: Clock, logger: Logger): Promise<Access> {
    const access = new Access(config, clock, logger);
    if (access.isOpen) checkOpen(config, logger);
    else if (config.BERTH_OPEN)
      throw new ConfigInvalid('BERTH_OPEN=true and access tokens are both set: choose one');
    else {
      await access.followFiles().catch((error: unknown) => {
        access.close();
        throw error;
      });
    }
    return access;
  }

  /**
   * Checks whether a request is allowed, and counts it against its rate.
   *
   * @param header the `Authorization` header as it was sent
   * @param address where it comes from
   * @param inProject whether tokens of a project may use the route
   * @returns undefined if the route is open to everyone
   * @throws {Problem} 401, 403 or 429
   */
  async admit(
    header: string | undefined,
    address: string,
    needs: Needs = UNDECLARED,
    inProject = false,
  ): Promise<Omit<Caller, 'face'> | undefined> {
    if (this.isOpen || needs === 'nothing') return undefined;
    const holder = await this.holderOf(header, address);
    const scope = needs.find((scope) => holder.scopes.has(scope));
    if (scope === undefined) throw lacksScope(holder, needs);
    if (holder.project !== null && !inProject) throw ofProject(holder.project);
    this.count(holder, scope === 'register');
    const project = holder.project ?? DEFAULT_PROJECT;
    return {
      id: holder.id,
      name: holder.name,
      ofProject: holder.project,
      project,
      isConfined: holder.project !== null || !OF_INSTALLATION.some((one) => holder.scopes.has(one)),
      may: (scope) => holder.scopes.has(scope),
      mayUse: (region) => holder.regions?.has(region) ?? true,
      isWelcome: () => this.tokens.admits(holder, this.clock.now()),
    };
  }

  /**
   * Protects a gateway without tokens from DNS rebinding: if a browser could reach it under a host
   * name other than localhost, a page of any origin could use what is open to programs on this
   * machine only.
   *
   * @throws {Problem} 403
   */
  requireOwnName(host: string | undefined): void {
    if (!this.isOpen || this.config.BERTH_OPEN || host === undefined) return;
    const [, name = host] = /^\[?(.*?)\]?(:\d*)?$/.exec(host) ?? [];
    if (isLoopback(name)) return;
    const detail =
      'without tokens the gateway answers only to the names localhost and 127.0.0.1; make tokens, or set BERTH_OPEN=true';
    throw new Problem(403, 'forbidden', detail);
  }

  close(): void {
    for (const stop of this.stops) stop();
  }

  /** A JSON Web Token for the holder of an access token, see `exchange`. */
  exchange(token: { readonly id: string; readonly secret: string }, scopes: readonly Scope[]) {
    return exchange(token, scopes, this.keys, this.clock.now());
  }

  private async followFiles(): Promise<void> {
    const { clock, logger } = this;
    const { BERTH_TOKENS: tokens, BERTH_JWT_KEYS: keys } = this.config;
    this.tokens = new TokenSet([], this.lists);
    const broken = (what: string) => (reason: string) =>
      logger.error({ reason }, `the ${what} cannot be read; those read last remain valid`);
    if (tokens !== undefined) {
      const changed = (read: readonly AccessToken[]) => this.useTokens(read);
      this.stops.push(await followTokens(tokens, { clock, broken: broken('tokens'), changed }));
    }
    if (keys !== undefined) {
      const changed = (read: SigningKeys) => (this.keys = read);
      this.stops.push(await followKeys(keys, { clock, broken: broken('keys'), changed }));
    }
  }

  private useTokens(tokens: readonly AccessToken[]): void {
    this.tokens = new TokenSet(tokens, this.lists);
    this.logger.info({ tokens: this.tokens.size }, 'the tokens were read');
    if (this.tokens.size === 0) this.logger.warn('there is no token: every request is refused');
  }

  private async holderOf(header: string | undefined, address: string): Promise<Holder> {
    const credentials = header === undefined ? undefined : credentialsIn(header);
    if (credentials !== undefined && this.failures.mayTry(credentials, address)) {
      const holder = await this.tokens.holderOfAny(credentials, this.keys, this.clock.now());
      if (holder !== undefined) {
        this.failures.succeeded(credentials, address);
        return holder;
      }
    }
    const waitMs = this.failures.failed(address);
    if (waitMs > 0) throw tooManyFailures(waitMs);
    if (header === undefined) {
      const detail = 'send an access token, in the header "Authorization: Bearer ..."';
      throw unauthorized(detail, 'Bearer realm="berth"');
    }
    const detail = 'the access token is not valid here';
    throw unauthorized(detail, 'Bearer realm="berth", error="invalid_token"');
  }

  private count(holder: Holder, isRegistering: boolean): void {
    const { BERTH_RATE, BERTH_REGISTER_RATE } = this.config;
    const rate = holder.rate ?? (isRegistering ? BERTH_REGISTER_RATE : BERTH_RATE);
    const counter = holder.rate === null && isRegistering ? `register ${holder.id}` : holder.id;
    const waitMs = this.limits.waitMs(counter, rate, this.clock.now());
    if (waitMs === 0) return;
    const detail = `this token may send ${rate.qps} requests a second, ${rate.burst} at once`;
    throw new Problem(429, 'too-many-requests', detail, {
      retryAfterS: Math.ceil(waitMs / 1_000),
    });
  }
}

function listsOf(config: GatewayConfig): readonly ListedSecrets[] {
  const lists: readonly ListedSecrets[] = [
    { name: 'allocator', scope: 'allocate', secrets: config.GAMEFABRIC_ALLOCATOR_TOKENS },
    { name: 'registry', scope: 'register', secrets: config.GAMEFABRIC_REGISTRY_TOKENS },
  ];
  return lists.filter(({ secrets }) => secrets.length > 0);
}

function checkOpen({ BERTH_OPEN, HTTP_HOST }: GatewayConfig, logger: Logger): void {
  if (isLoopback(HTTP_HOST)) {
    return logger.info({ host: HTTP_HOST }, 'open to all programs on this machine: no tokens');
  }
  if (BERTH_OPEN) {
    return logger.warn({ host: HTTP_HOST }, 'open to everybody who can reach it: no tokens');
  }
  throw new ConfigInvalid(
    [
      `without tokens the gateway listens on this machine only, and HTTP_HOST is ${HTTP_HOST};`,
      '  make a token: berth tokens create --name me --scopes allocate --file tokens.json,',
      '  and set BERTH_TOKENS to the path of that file; or set HTTP_HOST=127.0.0.1;',
      '  or set BERTH_OPEN=true if everybody who can reach it may do everything',
    ].join('\n'),
  );
}

function unauthorized(detail: string, challenge: string): Problem {
  return new Problem(401, 'unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}

function tooManyFailures(waitMs: number): Problem {
  const detail = 'too many requests without a valid access token came from this address';
  return new Problem(429, 'too-many-failures', detail, { retryAfterS: Math.ceil(waitMs / 1_000) });
}

function ofProject(project: string): Problem {
  const detail = `this token is of project ${project}; machines, fleets, builds and histories are of all projects, and for tokens of none`;
  return new Problem(403, 'wrong-project', detail);
}

function lacksScope(holder: Holder, needs: readonly string[]): Problem {
  const detail = `this token may ${[...holder.scopes].join(', ')}; this needs ${needs.join(' or ')}`;
  const challenge = `Bearer realm="berth", error="insufficient_scope", scope="${needs.join(' ')}"`;
  return new Problem(403, 'forbidden', detail, { headers: { 'www-authenticate': challenge } });
}
