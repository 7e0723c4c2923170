import { JsonText } from '#json';
import { TransientError, type Bus } from '#kernel';
import { ask } from '#rpc';
import {
  endpoints,
  payloadIn,
  slotNamed,
  tokenIn,
  type Allocated,
  type DecryptAnswer,
  type Decrypted,
  type Encrypted,
} from '#wire';

/**
 * Payloads and answers of one session, as the log has them, decrypted by an allocator.
 *
 * @throws {TransientError} no allocator decrypts them now.
 */
export function decrypted(
  bus: Bus,
  slot: string,
  payloadKey: number,
  payloads: readonly JsonText[],
): Promise<readonly Decrypted[]> {
  const { region = '' } = slotNamed(slot) ?? {};
  const by = (texts: Encrypted[]) => ask(bus, endpoints.decrypt, { region }, { slot, texts });
  return decryptedBy(by, payloadKey, payloads);
}

/**
 * The stored answer to a published request as its requester gets it; payload and token are empty if they
 * were forgotten. Throws as `decrypted` does.
 */
export async function decryptedAnswer(
  bus: Bus,
  allocationId: string,
  stored: Allocated,
): Promise<Allocated> {
  const { payloadKey, tokenEncrypted, ...answer } = stored;
  if (payloadKey === undefined) return stored;
  const { region } = answer;
  const secret = tokenEncrypted ? [JsonText.of(answer.token)] : [];
  const by = (texts: Encrypted[]) =>
    ask(bus, endpoints.decryptResult, { region }, { allocationId, texts });
  const [payload, token] = await decryptedBy(by, payloadKey, [answer.payload, ...secret]);
  return {
    ...answer,
    payload: payloadIn(payload),
    ...(tokenEncrypted && { token: tokenIn(token) }),
  };
}

/** `null` is not encrypted, and stays as it is. */
async function decryptedBy(
  by: (texts: Encrypted[]) => Promise<DecryptAnswer>,
  payloadKey: number,
  payloads: readonly JsonText[],
): Promise<readonly Decrypted[]> {
  const isText = (payload: JsonText) => payload.text !== 'null';
  const texts = payloads.filter(isText).map((one) => ({ payloadKey, text: String(one.value()) }));
  if (texts.length === 0) return payloads.map((payload) => ({ payload }));
  const answer = await by(texts);
  if (answer.status === 'refused') {
    throw new TransientError(`payloads cannot be decrypted now: ${answer.message}`);
  }
  const found = answer.texts.values();
  return payloads.map((payload) => (isText(payload) && found.next().value) || { payload });
}
