import { JsonText } from '#json';
import { TransientError, type Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints, payloadIn, slotNamed, tokenIn, type Allocated, type Decrypted } from '#wire';

/**
 * Payloads and answers of one session, as the log or a stored result has them, decrypted by an allocator.
 *
 * @throws {TransientError} no allocator decrypts them now.
 */
export async function decrypted(
  bus: Bus,
  slot: string,
  payloadKey: number,
  payloads: readonly JsonText[],
): Promise<readonly Decrypted[]> {
  const isText = (payload: JsonText) => payload.text !== 'null';
  const texts = payloads.filter(isText).map((one) => ({ payloadKey, text: String(one.value()) }));
  if (texts.length === 0) return payloads.map((payload) => ({ payload }));
  const { region = '' } = slotNamed(slot) ?? {};
  const answer = await ask(bus, endpoints.decrypt, { region }, { slot, texts });
  if (answer.status === 'refused') {
    throw new TransientError(`payloads cannot be decrypted now: ${answer.message}`);
  }
  const found = answer.texts.values();
  return payloads.map((payload) => (isText(payload) && found.next().value) || { payload });
}

/** A stored answer as its requester gets it; payload and token are empty if they were forgotten. */
export async function decryptedAnswer(bus: Bus, stored: Allocated): Promise<Allocated> {
  const { payloadKey, tokenEncrypted, ...answer } = stored;
  if (payloadKey === undefined) return stored;
  const secret = tokenEncrypted ? [JsonText.of(answer.token)] : [];
  const texts = [answer.payload, ...secret];
  const [payload, token] = await decrypted(bus, answer.slot, payloadKey, texts);
  return {
    ...answer,
    payload: payloadIn(payload),
    ...(tokenEncrypted && { token: tokenIn(token) }),
  };
}
