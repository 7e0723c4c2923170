import { BuildFiles, type Progress } from '#wire';

/**
 * Opens the store of build files at its first use, so that an agent can start while the store is
 * unreachable.
 */
export class LazyBuildFiles extends BuildFiles {
  private opened: Promise<BuildFiles> | undefined;

  constructor(private readonly open: () => Promise<BuildFiles>) {
    super();
  }

  async has(digest: string): Promise<boolean> {
    return (await this.store()).has(digest);
  }

  async put(digest: string, content: AsyncIterable<Uint8Array>, progress?: Progress) {
    return (await this.store()).put(digest, content, progress);
  }

  async *get(digest: string, progress?: Progress): AsyncGenerator<Uint8Array, void> {
    yield* (await this.store()).get(digest, progress);
  }

  async delete(digest: string): Promise<void> {
    return (await this.store()).delete(digest);
  }

  /** Opens the store once; after a failure the next call tries again. */
  private store(): Promise<BuildFiles> {
    this.opened ??= this.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }
}
