import { SubjectTemplate } from './subject-template.js';

/** The subjects of NATS's services protocol (ADR-32), which is not in the table of endpoints. */
export const SERVICES = new SubjectTemplate('$SRV.<verb>');
