const ALL = '*';

/** The fleets whose servers are given to GameFabric's clients. */
export class GameFabricFleets {
  /** Undefined: all fleets. */
  readonly fleets: readonly string[] | undefined;

  constructor(fleets: readonly string[]) {
    this.fleets = fleets.includes(ALL) ? undefined : fleets;
  }
}
