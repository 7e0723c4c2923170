import { errorMessage } from '#kernel';
import {
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
  type Authenticator,
} from '@nats-io/transport-node';
import { LoginInvalid, readSecret, type Warn } from './secret-file.js';

/** How to log in to NATS, and which server to trust. At most one way to log in may be given. */
export interface NatsLogin {
  /** Path of a credentials file: a user's JWT and NKey seed, as `nsc` writes them. */
  readonly credsFile?: string | undefined;
  /** Path of a file with the NKey seed of a user. */
  readonly nkeyFile?: string | undefined;
  /** Name of a user with a password. */
  readonly user?: string | undefined;
  /** Path of a file with that name, instead of the name. */
  readonly userFile?: string | undefined;
  /** Path of a file with the password. */
  readonly passwordFile?: string | undefined;
  /** Path of the authorities' certificates; the system's authorities if missing. */
  readonly caFile?: string | undefined;
  /** Paths of the client's own certificate and its key: both or none. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Prefix of the subjects for answers. No other user should be allowed to subscribe to them. */
  readonly inboxPrefix?: string | undefined;
}

/** What the files say: the user, and the function that answers the server's challenge. */
interface Proof {
  readonly who: string;
  /** When a JWT ends (epoch ms); missing: it does not, or there is none. */
  readonly until?: number;
  readonly authenticate: Authenticator;
}

/** One way to log in. */
interface Way {
  readonly called: string;
  /** @throws {LoginInvalid} */
  read(warn?: Warn): Proof;
}

/** The scheme, if any, then everything up to the last `@`. */
export const CREDENTIALS_IN_URL = /^(\w+:\/\/)?(.*)@/;

/**
 * One way to log in. Its files are read again at each connect and reconnect, so that a rotation
 * needs no restart. If a file cannot be read then, its last content is used and `warn` is called.
 */
export class Login {
  private proof: Proof;

  /**
   * @param servers their URLs may hold a name and a password, or a token
   * @throws {LoginInvalid} there are two ways to log in, or half of one, or a file is not usable.
   */
  static open(login: NatsLogin, servers: readonly string[], warn: Warn): Login | undefined {
    const [way, ...more] = waysOf(login, servers);
    if (way === undefined) return undefined;
    if (more.length === 0) return new Login(way, warn);
    const all = [way, ...more].map(({ called }) => called).join(' and ');
    throw new LoginInvalid(`there are ${more.length + 1} ways to log in to NATS, keep one: ${all}`);
  }

  private constructor(
    private readonly way: Way,
    private readonly warn: Warn,
  ) {
    this.proof = way.read(warn);
  }

  /** The user, for messages: `user "m1"`. */
  get who(): string {
    return this.proof.who;
  }

  /** When it is good no longer (epoch ms); undefined: that is not known. */
  get until(): number | undefined {
    return this.proof.until;
  }

  /** Does not throw: the client would close the connection for good. */
  readonly authenticator: Authenticator = (nonce) => {
    try {
      this.proof = this.way.read();
    } catch (error) {
      this.warn(`${errorMessage(error)}; what was read of it before is used`);
    }
    return this.proof.authenticate(nonce);
  };
}

function waysOf(login: NatsLogin, servers: readonly string[]): readonly Way[] {
  const { credsFile, nkeyFile } = login;
  return [
    urlWay(servers),
    credsFile === undefined ? undefined : credsWay(credsFile),
    nkeyFile === undefined ? undefined : nkeyWay(nkeyFile),
    passwordWay(login),
  ].filter((way) => way !== undefined);
}

/** The first credentials found are sent to all servers. */
function urlWay(servers: readonly string[]): Way | undefined {
  const found = servers.map((server) => CREDENTIALS_IN_URL.exec(server)?.[2]).find((text) => text);
  if (found === undefined) return undefined;
  const [name = '', ...rest] = found.split(':').map((text) => decodeURIComponent(text));
  const called = 'the URL';
  if (rest.length === 0) {
    const proof = { who: 'the token in the URL', authenticate: tokenAuthenticator(name) };
    return { called, read: () => proof };
  }
  const authenticate = usernamePasswordAuthenticator(name, rest.join(':'));
  return { called, read: () => ({ who: `user "${name}"`, authenticate }) };
}

function credsWay(path: string): Way {
  const called = `credentials file ${path}`;
  const read = (warn?: Warn): Proof => {
    const authenticate = credsAuthenticator(Buffer.from(readSecret(called, path, warn)));
    const { jwt, nkey } = tried(authenticate, `${called} does not hold a user's JWT and NKey seed`);
    const { name, exp } = claimsOf(jwt);
    const user = name === undefined ? '' : `user ${JSON.stringify(name)}, `;
    return { who: `${user}NKey ${nkey}`, authenticate, ...(exp && { until: exp * 1_000 }) };
  };
  return { called, read };
}

function nkeyWay(path: string): Way {
  const called = `NKey file ${path}`;
  const read = (warn?: Warn): Proof => {
    const authenticate = nkeyAuthenticator(Buffer.from(readSecret(called, path, warn).trim()));
    const { nkey } = tried(authenticate, `${called} does not hold an NKey seed`);
    return { who: `NKey ${nkey}`, authenticate };
  };
  return { called, read };
}

function passwordWay({ user, userFile, passwordFile }: NatsLogin): Way | undefined {
  if (user === undefined && userFile === undefined && passwordFile === undefined) return undefined;
  if (user !== undefined && userFile !== undefined) {
    throw new LoginInvalid(`the user of NATS is given twice: "${user}" and in file ${userFile}`);
  }
  if (passwordFile === undefined) throw new LoginInvalid('a user of NATS needs a password file');
  if (user === undefined && userFile === undefined) {
    throw new LoginInvalid(`password file ${passwordFile} needs a user of NATS`);
  }
  const read = (warn?: Warn): Proof => {
    const name = user ?? lineOf('user file', userFile ?? '', warn);
    const password = lineOf('password file', passwordFile, warn);
    const authenticate = usernamePasswordAuthenticator(name, password);
    return { who: `user "${name}"`, authenticate };
  };
  return { called: `password file ${passwordFile}`, read };
}

/** The line of a file that has one. */
function lineOf(what: string, path: string, warn: Warn | undefined): string {
  const line = readSecret(`${what} ${path}`, path, warn).replace(/\r?\n$/, '');
  if (line === '' || /[\r\n]/.test(line)) throw new LoginInvalid(`${what} ${path} is not one line`);
  return line;
}

/** Signs once, because the library checks a seed only then. */
function tried(authenticate: Authenticator, otherwise: string): { jwt: string; nkey: string } {
  try {
    return { jwt: '', nkey: '', ...authenticate('nonce') };
  } catch (cause) {
    throw new LoginInvalid(otherwise, { cause });
  }
}

/** What a JWT says of its user, as far as it can be read; `exp` is epoch seconds. */
function claimsOf(jwt: string): { readonly name?: string; readonly exp?: number } {
  try {
    const claims = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString();
    const { name, exp } = JSON.parse(claims) as Readonly<Record<string, unknown>>;
    return {
      ...(typeof name === 'string' && { name }),
      ...(typeof exp === 'number' && { exp }),
    };
  } catch {
    return {};
  }
}
