import { readConfig } from '#service';
import { facesOf } from '../all-faces.js';
import { gatewaySettings } from '../config.js';
import { controllers } from '../gateway.module.js';
import { Documents } from './documents.js';

/** Every face of a gateway that is set as it is by default. */
export const defaultFaces = facesOf(readConfig(gatewaySettings, {}));

/** What such a gateway tells of itself, without starting one. */
export const defaultDocuments = new Documents(controllers, defaultFaces);
