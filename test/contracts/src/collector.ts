import type { LogConsumer, LogItem } from '#kernel';
import type { Note } from './note.js';

/** A consumer that keeps the items it gets, and can be waited on. */
export class Collector implements LogConsumer<Note> {
  readonly items: LogItem<Note>[] = [];
  private readonly waiting = new Set<() => void>();

  receive(item: LogItem<Note>): void {
    this.items.push(item);
    for (const look of this.waiting) look();
  }

  get sequences(): readonly number[] {
    return this.items.map(({ sequence }) => sequence);
  }

  get texts(): readonly string[] {
    return this.items.map((item) => (item.kind === 'recorded' ? item.record.text : item.kind));
  }

  /** Resolves once an item satisfies the condition. */
  until(condition: (item: LogItem<Note>) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.items.some(condition)) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  untilText(text: string): Promise<void> {
    return this.until((item) => item.kind === 'recorded' && item.record.text === text);
  }

  untilSequence(sequence: number): Promise<void> {
    return this.until((item) => item.sequence >= sequence);
  }
}

export async function collect(items: AsyncIterable<LogItem<Note>>): Promise<Collector> {
  const collector = new Collector();
  for await (const item of items) collector.receive(item);
  return collector;
}
