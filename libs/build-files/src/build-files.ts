import { reach } from '#jetstream';
import { LogRefused, TransientError, type Clock } from '#kernel';
import { BuildFiles, FileDamaged, FileMissing, type Progress } from '#wire';
import { jetstream, StorageType, type JetStreamManager } from '@nats-io/jetstream';
import { Objm, setSha256Backend, type ObjectInfo, type ObjectStore } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { createHash } from 'node:crypto';

/** How long (ms) each try waits for an answer. */
const ANSWER_MS = 5_000;

/** Half of the largest message that nats-server allows by default. */
const CHUNK_BYTES = 524_288;

/**
 * How long (ms) one piece of a file may take, with all tries: longer than a cluster takes to elect
 * a leader.
 */
const CHUNK_WITHIN_MS = 15_000;

/** Pause (ms) before a piece is asked for again. */
const RETRY_MS = 250;

/** A region's files in NATS's object store, one object for each digest. */
export class JetStreamBuildFiles extends BuildFiles {
  /**
   * Creates the bucket if there is none. The number of its replicas is set then and does not
   * change.
   *
   * @throws {TransientError | LogRefused}
   */
  static async open(
    connection: NatsConnection,
    region: string,
    clock: Clock,
    replicas = 1,
  ): Promise<JetStreamBuildFiles> {
    // The client's default hash is forty times slower. This setting is for the whole process.
    setSha256Backend('native');
    const client = jetstream(connection, { timeout: ANSWER_MS });
    const bucket = `builds_${region}`;
    const options = { replicas, storage: StorageType.File, description: 'files of builds' };
    const store = await reach(new Objm(client).create(bucket, options));
    const manager = await reach(client.jetstreamManager(false));
    return new JetStreamBuildFiles(store, manager, bucket, clock);
  }

  private constructor(
    private readonly store: ObjectStore,
    private readonly manager: JetStreamManager,
    private readonly bucket: string,
    private readonly clock: Clock,
  ) {
    super();
  }

  async has(digest: string): Promise<boolean> {
    return (await this.find(digest)) !== undefined;
  }

  async put(
    digest: string,
    content: AsyncIterable<Uint8Array>,
    progress?: Progress,
  ): Promise<void> {
    const meta = { name: digest, options: { max_chunk_size: CHUNK_BYTES } };
    let failure: { readonly cause: unknown } | undefined;
    // The store wraps errors; an error of the content's reader must reach the caller as it is.
    const pieces = checked(digest, content, progress, (cause) => (failure = { cause }));
    try {
      await reach(this.store.put(meta, ReadableStream.from(pieces), { timeout: ANSWER_MS }));
    } catch (error) {
      throw failure === undefined ? error : failure.cause;
    }
  }

  async *get(digest: string, progress?: Progress): AsyncGenerator<Uint8Array, void> {
    const info = await this.find(digest);
    if (info === undefined) throw new FileMissing(digest);
    yield* checked(digest, this.chunks(info), progress);
  }

  async delete(digest: string): Promise<void> {
    await reach(this.store.delete(digest));
  }

  private async find(digest: string): Promise<ObjectInfo | undefined> {
    const info = await reach(this.store.info(digest));
    return info === null || info.deleted ? undefined : info;
  }

  /**
   * Asks for each piece separately. The client's own reader lets the server send as fast as it can,
   * even if the disk is slower, and waits for ever for a missing piece.
   */
  private async *chunks({ nuid, chunks }: ObjectInfo): AsyncGenerator<Uint8Array, void> {
    const subject = `$O.${this.bucket}.C.${nuid}`;
    let sequence = 0;
    for (let count = 0; count < chunks; count += 1) {
      const found = await this.next(subject, sequence + 1);
      // The file was stored again or removed meanwhile.
      if (found === null) throw new TransientError('the stored file has changed while it was read');
      sequence = found.seq;
      yield found.data;
    }
  }

  private async next(subject: string, from: number) {
    const until = this.clock.now() + CHUNK_WITHIN_MS;
    const query = { seq: from, next_by_subj: subject };
    for (;;) {
      try {
        return await reach(this.manager.direct.getMessage(`OBJ_${this.bucket}`, query));
      } catch (error) {
        if (error instanceof LogRefused || this.clock.now() >= until) throw error;
        await this.clock.sleep(RETRY_MS);
      }
    }
  }
}

/** Passes the content on, and throws `FileDamaged` at the end if its digest is wrong. */
async function* checked(
  digest: string,
  content: AsyncIterable<Uint8Array>,
  progress: Progress = () => undefined,
  failed: (cause: unknown) => void = () => undefined,
): AsyncGenerator<Uint8Array, void> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of content) {
      hash.update(piece);
      bytes += piece.length;
      progress(bytes);
      yield piece;
    }
    if (hash.digest('hex') !== digest) throw new FileDamaged(digest);
  } catch (error) {
    failed(error);
    throw error;
  }
}
