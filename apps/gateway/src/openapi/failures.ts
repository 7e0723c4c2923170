import { z } from 'zod';
import { ERRORS } from '../http/errors.js';

const codes = Object.keys(ERRORS) as [string, ...string[]];

/** Problem details (RFC 9457), with members of our own. */
export const problemDetails = z
  .object({
    type: z.string().describe('a page that explains it; stable'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what stands in the way, for people'),
    instance: z.string().describe('the path that was asked'),
    code: z.enum(codes).describe('stable, for programs'),
    requestId: z.string(),
    allocationId: z.string().optional().describe('ask again with it, where asking again helps'),
  })
  .meta({ id: 'Problem' });
