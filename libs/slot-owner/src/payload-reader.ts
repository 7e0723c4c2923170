import type { JsonText } from '#json';
import { TransientError, type Bus } from '#kernel';
import { ask } from '#rpc';
import type { Allocation, SlotRef } from '#slot';
import { endpoints, payloadIn } from '#wire';

/** Reads the payloads of one slot's claims. The log may have them encrypted; allocators have the keys. */
export class PayloadReader {
  private last: { readonly text: string; readonly payload: JsonText } | undefined;

  constructor(
    private readonly ref: SlotRef,
    private readonly bus: Bus,
  ) {}

  /**
   * The payload as it was sent; `null` if it was forgotten meanwhile.
   *
   * @throws {TransientError} no allocator decrypts it now.
   */
  async read({ payload, payloadKey }: Pick<Allocation, 'payload' | 'payloadKey'>) {
    const { text } = payload;
    if (payloadKey === undefined || text === 'null') return payload;
    if (this.last?.text === text) return this.last.payload;
    const texts = [{ payloadKey, text: String(payload.value()) }];
    const answer = await ask(this.bus, endpoints.decryptOwn, this.ref, { texts });
    if (answer.status === 'refused') {
      throw new TransientError(`the payload cannot be decrypted now: ${answer.message}`);
    }
    const clear = payloadIn(answer.texts[0]);
    this.last = { text, payload: clear };
    return clear;
  }
}
