import { statusOf } from '#slot';
import type { Present } from './present.js';

interface Residence {
  readonly subjects: Set<string>;
  /** The latest start of its agent that the log tells of (epoch ms). */
  incarnation: number;
}

/** Which slots live on which machine, and which machines are withheld from requests. */
export class Residents {
  private readonly residences = new Map<string, Residence>();
  private readonly withheld = new Set<string>();

  get machines(): Iterable<string> {
    return this.residences.keys();
  }

  learn({ subject, state }: Present): void {
    const machine = machineOf(subject);
    if (statusOf(state) === 'retired') return this.leave(machine, subject);
    const { incarnation } = state.context;
    const residence = this.residences.get(machine);
    if (residence === undefined) {
      this.residences.set(machine, { subjects: new Set([subject]), incarnation });
      return;
    }
    residence.subjects.add(subject);
    residence.incarnation = Math.max(residence.incarnation, incarnation);
  }

  of(machine: string): readonly string[] {
    return [...(this.residences.get(machine)?.subjects ?? [])];
  }

  incarnationOf(machine: string): number {
    return this.residences.get(machine)?.incarnation ?? 0;
  }

  /** Says whether that is news. */
  withhold(machine: string): boolean {
    if (this.withheld.has(machine)) return false;
    this.withheld.add(machine);
    return true;
  }

  /** Says whether that is news. */
  offerAgain(machine: string): boolean {
    return this.withheld.delete(machine);
  }

  isWithheld(machine: string): boolean {
    return this.withheld.has(machine);
  }

  private leave(machine: string, subject: string): void {
    const residence = this.residences.get(machine);
    if (residence === undefined) return;
    residence.subjects.delete(subject);
    if (residence.subjects.size > 0) return;
    this.residences.delete(machine);
    this.withheld.delete(machine);
  }
}

/** A machine's slots share all of their subject but the last token. */
export function machineOf(subject: string): string {
  return subject.slice(0, subject.lastIndexOf('.'));
}
