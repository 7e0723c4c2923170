import { fileAnswer } from '#http-api';
import type { Progress } from '#wire';
import type { Api } from '../operate/api.js';

/** The files that a region has for builds, over the API. All methods throw `ApiFailure`. */
export class RegionFiles {
  constructor(
    private readonly api: Api,
    /** Path of a build. */
    private readonly path: string,
  ) {}

  async has(digest: string): Promise<boolean> {
    return (await this.api.get(this.pathOf(digest), fileAnswer)).stored;
  }

  /** @param progress called with the number of bytes sent so far */
  async put(
    digest: string,
    content: AsyncIterable<Uint8Array>,
    progress: Progress = () => undefined,
  ) {
    await this.api.send(this.pathOf(digest), counted(content, progress), fileAnswer);
  }

  private pathOf(digest: string): string {
    return `${this.path}/files/${digest}`;
  }
}

async function* counted(content: AsyncIterable<Uint8Array>, progress: Progress) {
  let sent = 0;
  for await (const piece of content) {
    yield piece;
    sent += piece.length;
    progress(sent);
  }
}
