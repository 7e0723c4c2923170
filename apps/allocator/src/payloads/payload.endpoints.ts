import type { EndpointServer } from '#rpc';
import { endpoints, resultSubject, slotNamed, slotSubject, type Encrypted } from '#wire';
import { refusedAnswer } from '../claim/answers.js';
import type { Forgetting } from './forgetting.js';
import type { Payloads } from './payloads.js';

/** Decrypts payloads for those who may read them, and forgets them. */
export function servePayloads(
  server: EndpointServer,
  region: string,
  { payloads, forgetting }: { readonly payloads: Payloads; readonly forgetting: Forgetting },
): void {
  const decrypted = async (subject: string, texts: readonly Encrypted[]) => ({
    status: 'decrypted' as const,
    texts: await Promise.all(texts.map((text) => payloads.decrypt(subject, text))),
  });
  server.serve(endpoints.decrypt, { region }, ({ slot, texts }) => {
    const ref = slotNamed(slot);
    if (ref?.region !== region) {
      return refusedAnswer(undefined, 'invalid', `slot: ${slot} is no slot of region ${region}`);
    }
    return decrypted(slotSubject(ref), texts);
  });
  server.serve(endpoints.decryptOwn, { region }, ({ texts }, ref) =>
    decrypted(slotSubject(ref), texts),
  );
  server.serve(endpoints.decryptResult, { region }, ({ allocationId, texts }) =>
    decrypted(resultSubject(region, allocationId), texts),
  );
  server.serve(endpoints.forget, { region }, async (request) => {
    await forgetting.forget(request);
    return { status: 'forgotten' as const, allocationId: request.allocationId };
  });
}
