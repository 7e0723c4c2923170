import { readConfig } from '#service-runtime';
import { facesOf } from '../dialects/error-dialects.js';
import { gatewaySettings } from '../config.js';
import { controllers } from '../gateway.module.js';
import { Documents } from './documents.js';

/** The error dialects of a gateway with default settings. */
export const defaultErrorDialects = facesOf(readConfig(gatewaySettings, {}));

/** The documents of such a gateway, without starting one. */
export const defaultDocuments = new Documents(controllers, defaultErrorDialects);
