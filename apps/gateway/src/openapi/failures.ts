import { refusalGrounds } from '#wire';
import { z } from 'zod';
import { ERRORS } from '../http/errors.js';

const codes = Object.keys(ERRORS) as [string, ...string[]];

/** Problem details (RFC 9457), with members of our own. */
export const problemDetails = z
  .object({
    type: z.string().describe('URL of a page that explains the error; stable'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what is wrong, for people'),
    instance: z.string().describe('the path of the request'),
    code: z.enum(codes).describe('stable, for programs'),
    requestId: z.string(),
    allocationId: z.string().optional().describe('repeat the request with it, if repeating helps'),
    grounds: refusalGrounds.optional(),
  })
  .meta({ id: 'Problem' });
