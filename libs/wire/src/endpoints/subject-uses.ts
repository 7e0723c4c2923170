import type { z } from 'zod';
import { liveSubject } from '../subjects/live.js';
import { SERVICES } from '../subjects/services.js';
import { allEndpoints } from './endpoints.js';
import type { Endpoint, Role, StreamKind } from './endpoint.js';

/** One kind of subject: what it carries, who publishes on it and who listens. */
export interface SubjectUse {
  /** `<word>` stands for one token. */
  readonly pattern: string;
  /**
   * `live`: a stream's messages, republished on core NATS; `services`: NATS's services protocol.
   */
  readonly kind: Endpoint['kind'] | 'live' | 'services';
  readonly description: string;
  readonly publishedBy: readonly (Role | 'stream')[];
  readonly heardBy: readonly Role[];
  readonly queue?: string;
  readonly stream?: StreamKind;
  readonly message?: z.ZodType;
  readonly mediaType?: string;
  readonly answer?: z.ZodType;
  readonly example?: unknown;
  readonly answerExample?: unknown;
}

const services: SubjectUse = {
  pattern: SERVICES.text,
  kind: 'services',
  description: 'discovery and statistics, by NATS ADR-32; also by name, and by id',
  publishedBy: ['operator'],
  heardBy: ['allocator'],
};

/** Every kind of subject that follows from the table of endpoints, in the table's order. */
export const SUBJECT_USES: readonly SubjectUse[] = [...allEndpoints.flatMap(usesOf), services];

function usesOf(endpoint: Endpoint): readonly SubjectUse[] {
  const { kind, description } = endpoint;
  const use = { pattern: endpoint.subject.text, kind, description };
  switch (endpoint.kind) {
    case 'asked': {
      const { request, answer, askedBy, servedBy, queue, example } = endpoint;
      const who = { publishedBy: askedBy, heardBy: [servedBy], ...(queue && { queue }) };
      const examples = { example: example.request, answerExample: example.answer };
      return [{ ...use, ...who, message: request, answer, ...examples }];
    }
    case 'told': {
      const { message, toldBy, heardBy, queue, example } = endpoint;
      return [{ ...use, publishedBy: toldBy, heardBy, ...(queue && { queue }), message, example }];
    }
    case 'stored': {
      const { message, mediaType, stream, writtenBy, readBy, repeatedTo, example } = endpoint;
      const what = {
        message,
        ...(mediaType && { mediaType }),
        ...(example !== undefined && { example }),
      };
      const kept = { ...use, ...what, publishedBy: writtenBy, heardBy: readBy, stream };
      if (repeatedTo === undefined) return [kept];
      const live = {
        ...{ ...use, ...what, kind: 'live' as const, pattern: liveSubject(use.pattern) },
        ...{ description: 'the same documents, as they are stored' },
        ...{ publishedBy: ['stream'] as const, heardBy: repeatedTo },
      };
      return [kept, live];
    }
  }
}
