import { connectNats, type NatsLogin } from '#jetstream';
import type { Requester } from './target.js';

const REPLY_MS_MAX = 5_000;

// nats.js creates an Error for each request, even for those that succeed; that is not measured
// here.
Error.stackTraceLimit = 0;

/**
 * @param bodyOf the request for one allocation
 * @param granted the beginning of a reply that grants a slot
 */
export async function openNatsRequester(
  servers: string,
  subject: string,
  bodyOf: (id: string) => string,
  granted: string,
  login?: NatsLogin,
): Promise<Requester> {
  const connection = await connectNats({ servers, name: 'bench', login });
  const decoder = new TextDecoder();
  return {
    async allocate(id) {
      try {
        const reply = await connection.request(subject, bodyOf(id), { timeout: REPLY_MS_MAX });
        return decoder.decode(reply.data).startsWith(granted);
      } catch {
        return false;
      }
    },
    close: () => connection.close(),
  };
}
