import type { GatewayConfig } from '../config.js';
import { nativeErrors, type ErrorDialect, type Face } from './error-dialect.js';
import { GameFabricErrors } from './gamefabric/gamefabric.errors.js';
import { multiplayErrors } from './multiplay/multiplay.errors.js';

/** The face that a path belongs to. */
export function faceOf(faces: readonly ErrorDialect[], path: string): Face {
  return (faces.find((face) => face.owns(path)) ?? nativeErrors).face;
}

/**
 * The error dialects of all APIs that the gateway speaks; the native one comes last, since it owns
 * all paths.
 */
export function facesOf(config: GatewayConfig): readonly ErrorDialect[] {
  return [new GameFabricErrors(config.GAMEFABRIC_NONE_STATUS), multiplayErrors, nativeErrors];
}
