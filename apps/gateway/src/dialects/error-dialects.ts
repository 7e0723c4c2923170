import type { GatewayConfig } from '../config.js';
import { nativeErrors, type ErrorDialect } from './error-dialect.js';
import { GameFabricErrors } from './gamefabric/gamefabric.errors.js';
import { multiplayErrors } from './multiplay/multiplay.errors.js';

/** Every API the gateway speaks, those that own less before those that own more. */
export function facesOf(config: GatewayConfig): readonly ErrorDialect[] {
  return [new GameFabricErrors(config.GAMEFABRIC_NONE_STATUS), multiplayErrors, nativeErrors];
}
