/**
 * There is no usable nats-server on this machine. The message says what was tried and what to do.
 */
export class NatsServerNotFound extends Error {
  override readonly name = 'NatsServerNotFound';

  constructor(
    /** One line for each place that was tried, with what was wrong there. */
    readonly tried: readonly string[],
    versionMin: string,
  ) {
    super(
      [
        'No usable nats-server was found:',
        ...tried.map((line) => `  - ${line}`),
        `Install nats-server ${versionMin} or newer from your distribution, or name its binary in ` +
          'NATS_SERVER, or set NATS_URL to a server that already runs.',
      ].join('\n'),
    );
  }
}

/** Something else listens on the port that nats-server was told to use. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';

  constructor(
    readonly host: string,
    readonly port: number,
  ) {
    super(
      `Port ${port} on ${host} is taken by another process: ` +
        'end that process, or give nats-server another port.',
    );
  }
}

/** The nats-server did not start: it exited early, or accepted no connection in time. */
export class NatsServerFailed extends Error {
  override readonly name = 'NatsServerFailed';

  constructor(
    reason: string,
    /** The last lines that it logged; empty if it logged nothing. */
    readonly logTail: string,
    options?: ErrorOptions,
  ) {
    super(logTail === '' ? reason : `${reason}. The end of its log:\n${logTail}`, options);
  }
}

/** A living process runs a nats-server on this data folder: two would corrupt its store. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';

  constructor(
    readonly dataDirectory: string,
    readonly ownerPid: number,
  ) {
    super(
      `Process ${ownerPid} runs a nats-server on ${dataDirectory}: ` +
        'end that process, or choose another data folder.',
    );
  }
}
