/** How many servers of a fleet there shall be in a region. All of them count slots. */
export interface FleetSize {
  /** Free slots that have a process standing ready, however little is asked for. */
  readonly minAvailable: number;
  /** Sessions and processes standing ready together; one more session is refused. */
  readonly max: number;
  /** Free slots that have a process standing ready ahead of demand. */
  readonly buffer: number;
}

export interface FleetState {
  /** Null: none is set; each agent keeps its free slots as its own setting says. */
  readonly size: FleetSize | null;
  /** What its free slots run where nobody asks for anything else; null: as each agent is set. */
  readonly buildConfiguration: string | null;
  /** Free slots that change from one build configuration, or version, to the next at a time. */
  readonly atATime: number;
}
