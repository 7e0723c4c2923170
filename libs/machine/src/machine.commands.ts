import type { MachinePolicy } from './machine.state.js';

export interface SetPolicy {
  readonly type: 'SetPolicy';
  readonly at: number;
  /** Null removes the policy. */
  readonly policy: MachinePolicy | null;
  readonly reason: string;
  readonly by: string;
}

/** Notes that a slot's registration was refused. */
export interface NoteRefusal {
  readonly type: 'NoteRefusal';
  readonly at: number;
  readonly slot: string;
  readonly reason: string;
}

export type MachineCommand = SetPolicy | NoteRefusal;
