import {
  decryptAnswer,
  decryptOwnRequest,
  decryptRequest,
  decryptResultRequest,
  forgetAnswer,
  forgetRequest,
  forgottenRecord,
  keyEpoch,
  keyShare,
} from '../messages/payload-keys.schema.js';
import { asked, byAllocators, RECORDED_MS, stored } from './endpoint.js';

/** Erasing a key rewrites up to 8 MB of nats-server's files. */
const ANSWER_MS = 2_000;

const texts = [{ payloadKey: 4711, text: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=' }];
const decrypted = { status: 'decrypted' as const, texts: [{ payload: { map: 'docks' } }] };
const forgotten = {
  ...{ payloadKey: 4711, allocationId: 'match-1', by: 'ann (api)' },
  ...{ reason: 'a player asked for it', at: 1_790_000_000_000 },
};
const share = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

/** Keys of payloads and answers: only allocators read them, and everybody else asks an allocator. */
export const keyEndpoints = {
  decrypt: asked({
    subject: 'decrypt.<region>',
    description: 'payloads and answers of a slot as the log has them, to be decrypted',
    request: decryptRequest,
    answer: decryptAnswer,
    askedBy: ['gateway'],
    ...byAllocators,
    answerMs: ANSWER_MS,
    example: { request: { slot: 'local.machine-1.ctf-1', texts }, answer: decrypted },
  }),
  decryptResult: asked({
    subject: 'decryptresult.<region>',
    description:
      'the same of the stored result of a published request: what the log has is not decrypted',
    request: decryptResultRequest,
    answer: decryptAnswer,
    askedBy: ['gateway', 'client'],
    ...byAllocators,
    answerMs: ANSWER_MS,
    example: { request: { allocationId: 'match-1', texts }, answer: decrypted },
  }),
  decryptOwn: asked({
    subject: 'decrypt.<region>.<agent>.<slot>',
    description: 'the same of an own slot: what belongs to another slot is not decrypted',
    request: decryptOwnRequest,
    answer: decryptAnswer,
    askedBy: ['agent', 'registrar'],
    ...byAllocators,
    answerMs: ANSWER_MS,
    example: { request: { texts }, answer: decrypted },
  }),
  forget: asked({
    subject: 'forget.<region>',
    description: 'destroys the keys of an allocation, and with them its payload and its answer',
    request: forgetRequest,
    answer: forgetAnswer,
    askedBy: ['gateway'],
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: {
      request: {
        ...{ allocationId: 'match-1', payloadKeys: [4711] },
        ...{ reason: 'a player asked for it', by: 'ann (api)' },
      },
      answer: { status: 'forgotten', allocationId: 'match-1' },
    },
  }),
  keyEpoch: stored({
    subject: 'key.<region>.epoch',
    description: 'one half of all keys that an allocator uses for a day',
    message: keyEpoch,
    stream: 'KEYS',
    writtenBy: ['allocator'],
    readBy: ['allocator'],
    example: { secret: share, wrapped: false, startedAt: 1_790_000_000_000 },
  }),
  keyShare: stored({
    subject: 'key.<region>.share',
    description:
      'the other half of the key of one allocation; its sequence is the number of the key',
    message: keyShare,
    stream: 'KEYS',
    writtenBy: ['allocator'],
    readBy: ['allocator'],
    example: { epoch: 4700, share },
  }),
  forgotten: stored({
    subject: 'forgotten.<region>.<key>',
    description: 'who had a key destroyed, and why; stored before the key is erased',
    message: forgottenRecord,
    stream: 'KEYS',
    writtenBy: ['allocator'],
    readBy: ['allocator'],
    example: forgotten,
  }),
};
