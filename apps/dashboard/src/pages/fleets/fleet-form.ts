import type { Fleet } from '../../types.js';

export interface FleetFormProps {
  readonly fleet: Fleet;
  /** Sends a change of the fleet; `under` follows its path. */
  readonly change: (method: 'PUT' | 'DELETE', under: string, body?: object) => void;
}
