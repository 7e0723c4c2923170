/** Those parts of the API's answers that the page reads. */
export interface Slot {
  readonly id: string;
  readonly region: string;
  readonly agent: string;
  readonly fleet: string;
  readonly status: string;
  readonly phase: string | null;
  readonly buildConfiguration: string;
  readonly address: string;
  readonly process: {
    readonly pid: number;
    readonly startedAt: number;
    readonly version: number;
  } | null;
  readonly pending: string | null;
  readonly agentLost: boolean;
  readonly failure: { readonly check: string; readonly reason: string } | null;
  readonly allocation: { readonly allocationId: string; readonly requestedAt: number } | null;
  readonly lastEnd: {
    readonly allocationId: string;
    readonly by: string;
    readonly at: number;
  } | null;
}

export interface Fleet {
  readonly id: string;
  readonly size: { readonly min?: number; readonly buffer?: number; readonly max?: number } | null;
  readonly allocated: number;
  readonly warm: number;
  readonly cold: number;
  readonly buildConfiguration: string | null;
  readonly rollout: Readonly<Record<'done' | 'changing' | 'waiting' | 'failed', number>> | null;
}

export interface SlotEvent {
  readonly sequence: number;
  readonly slot: string;
  readonly type: string;
  readonly at?: number;
  readonly by?: string;
  readonly reason?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly state?: string;
}
