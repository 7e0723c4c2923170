import type { GatewayConfig } from '../config.js';
import { nativeErrors, type ErrorDialect } from './error-dialect.js';
import { GameFabricErrors } from './gamefabric/gamefabric.errors.js';
import { multiplayErrors } from './multiplay/multiplay.errors.js';

/**
 * The error dialects of all APIs that the gateway speaks; the native one comes last, since it owns
 * all paths.
 */
export function facesOf(config: GatewayConfig): readonly ErrorDialect[] {
  return [new GameFabricErrors(config.GAMEFABRIC_NONE_STATUS), multiplayErrors, nativeErrors];
}
