import type { GatewayConfig } from './config.js';
import { nativeFace, type Face } from './faces.js';
import { GameFabricFace } from './gamefabric/gamefabric.face.js';
import { multiplayFace } from './multiplay/multiplay.face.js';

/** Every API the gateway speaks, those that own less before those that own more. */
export function facesOf(config: GatewayConfig): readonly Face[] {
  return [new GameFabricFace(config.GAMEFABRIC_NONE_STATUS), multiplayFace, nativeFace];
}
