import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A forked process that has sent its first message. */
export interface Worker<Message> {
  readonly message: Message;
  readonly pid: number;
  /** Ends the process, and resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Forks a module that calls `runAsWorker`, and waits for its first message. If this process dies,
 * the IPC channel closes and the worker ends.
 *
 * @param parameters plain data, passed as JSON; a service takes none
 * @param options.signal ends the worker early
 * @param options.env added to this process's environment
 * @param options.execArgv arguments for Node itself
 * @throws an `Error` if the worker ends before it has sent its message
 */
export async function startWorker<Message>(
  module: URL,
  parameters: object | undefined,
  {
    signal,
    env = {},
    execArgv = [],
  }: {
    readonly signal?: AbortSignal;
    readonly env?: NodeJS.ProcessEnv;
    readonly execArgv?: readonly string[];
  } = {},
): Promise<Worker<Message>> {
  const child = fork(module, parameters === undefined ? [] : [JSON.stringify(parameters)], {
    env: { ...process.env, ...env },
    execArgv: [...execArgv],
  });
  const disconnect = (): void => (child.connected ? child.disconnect() : undefined);
  const exited = once(child, 'exit').finally(() =>
    signal?.removeEventListener('abort', disconnect),
  );
  signal?.addEventListener('abort', disconnect);
  if (signal?.aborted === true) disconnect();

  const ended = exited.then(([code, killedBy]: unknown[]) => {
    throw new Error(`${module.pathname} ended early (${String(killedBy ?? code)})`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [Message];
  return {
    message,
    pid: child.pid ?? NaN,
    stop: async () => {
      disconnect();
      await exited;
    },
  };
}

/** The worker's side: starts, sends its message, and runs until the parent disconnects or dies. */
export async function runAsWorker<Parameters, Message extends object>(
  start: (parameters: Parameters) => Promise<Message>,
): Promise<void> {
  process.once('disconnect', () => process.exit());
  const message = await start(JSON.parse(process.argv[2] ?? '{}') as Parameters);
  process.send?.(message);
}
