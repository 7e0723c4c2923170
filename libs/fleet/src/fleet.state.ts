/** How many servers of a fleet there shall be in a region. All of them count slots. */
export interface FleetSize {
  /** Free slots that have a process standing ready, however little is asked for. */
  readonly minAvailable: number;
  /** Sessions and processes standing ready together; one more session is refused. */
  readonly max: number;
  /** Free slots that have a process standing ready ahead of demand. */
  readonly buffer: number;
}

/** Null: no size is set; each agent keeps its free slots as its own setting says. */
export interface FleetState {
  readonly size: FleetSize | null;
}
