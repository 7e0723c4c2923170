import { SubjectTemplate } from './subject-template.js';

/** Where services are looked for: NATS's own protocol (ADR-32), not of the table of endpoints. */
export const SERVICES = new SubjectTemplate('$SRV.<verb>');
