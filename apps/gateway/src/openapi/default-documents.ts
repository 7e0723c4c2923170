import { readConfig } from '#service-runtime';
import { facesOf } from '../dialects/error-dialects.js';
import { gatewaySettings } from '../config.js';
import { controllers } from '../gateway.module.js';
import { Documents } from './documents.js';

/** Every face of a gateway that is set as it is by default. */
export const defaultErrorDialects = facesOf(readConfig(gatewaySettings, {}));

/** What such a gateway tells of itself, without starting one. */
export const defaultDocuments = new Documents(controllers, defaultErrorDialects);
