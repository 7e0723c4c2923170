import { BuildFiles, type Progress } from '#wire';

/** The store of files, opened when it is first needed: an agent starts without it. */
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

  /** What failed to open is tried again. */
  private store(): Promise<BuildFiles> {
    this.opened ??= this.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }
}
