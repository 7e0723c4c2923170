/** How a game that has been given a session is told so. */
export type CallbackMeans =
  | {
      readonly kind: 'http';
      /** Begins with a slash. */
      readonly path: string;
      readonly method: 'POST' | 'PUT' | 'GET';
      /** What the body is: the payload itself, or `{"payload": ..., "token": ...}`. */
      readonly envelope: 'bare' | 'payload';
    }
  /** It is not called: that it runs, or says that it is ready, is its consent. */
  | { readonly kind: 'none' };

/** When a game that is queried counts as unwell. */
export interface Checks {
  /** Between two queries, in ms. */
  readonly everyMs: number;
  /** For the answer to one, in ms. */
  readonly withinMs: number;
  /** Queries without an answer, in a row, that are reported and acted upon. */
  readonly failuresMax: number;
}

/** A payload written to a file, as GameFabric's sidecar does it. */
export interface PayloadFile {
  /** Absolute, or relative to the slot's folder. */
  readonly path: string;
  /** Permissions, in octal: `0660`. */
  readonly mode: string;
  /** What it holds, see `readTemplate`; null: `{"payload": ..., "token": ...}`. */
  readonly template: string | null;
}

/** How a build is run. Times are in ms. */
export interface BuildConfiguration {
  /** Files that were pushed; null: they are on every machine already. */
  readonly build: { readonly name: string; readonly version: number } | null;
  /** Relative to the build's files, or absolute. */
  readonly executable: string;
  /** With placeholders: `{port}`, or `$$port$$` as Multiplay writes it. */
  readonly arguments: readonly string[];
  readonly workingDirectory: 'slot' | 'build';
  /** Merged into server.json and into the game's environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly query: 'none' | 'sqp' | 'a2s';
  readonly checks: Checks;
  /** Whether bots that a query tells of count as players. */
  readonly countBots: boolean;
  readonly callback: CallbackMeans;
  /** Whether the game has to say that it is ready before the request is answered. */
  readonly readiness: boolean;
  readonly payloadFile: PayloadFile | null;
  /** Variables returned as the game's answer, where it gives none of its own. */
  readonly answerVariables: readonly string[];
  readonly stopSignal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT';
  /** From the stop signal to SIGKILL. */
  readonly stopGraceMs: number;
  /** For the callback, where the right process is already running. */
  readonly callbackMs: number;
  /** For the callback, where the process has to be started first. */
  readonly coldStartMs: number;
  readonly idleMs: number;
  readonly sessionMs: number | null;
  /** Crashes of a session that are answered by a restart; one more ends it. */
  readonly restartsMax: number;
}

/** A build configuration and those it was before: sessions end on the version they began with. */
export interface ConfigurationState {
  /** 0: none was ever set. Never used twice, not even after a removal. */
  readonly version: number;
  /** Null: there is none, or none any more. */
  readonly configuration: BuildConfiguration | null;
  /** The latest versions, this one included, by their number. */
  readonly versions: Readonly<Record<string, BuildConfiguration>>;
}
