import { SUBJECT_USES, allEndpoints } from '#wire';
import { describe, expect, it } from '@jest/globals';
import { defaultDocuments } from './default-documents.js';

const { asyncApi } = defaultDocuments;

/** The target of a reference, or undefined. */
function target($ref: string): unknown {
  return $ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>(
      (value, key) => (value as Record<string, unknown> | undefined)?.[key],
      asyncApi,
    );
}

describe('The AsyncAPI document', () => {
  it('has a channel for every subject but those of NATS itself', () => {
    const addresses = Object.values(asyncApi.channels).map(({ address }) => address);
    const described = SUBJECT_USES.filter(({ kind }) => kind !== 'services');
    expect(addresses.filter((address) => address !== null)).toEqual(
      described.map(({ pattern }) => pattern.replaceAll('<', '{').replaceAll('>', '}')),
    );
  });

  it('describes a reply for every request', () => {
    const replies = Object.values(asyncApi.operations).filter(({ reply }) => reply !== undefined);
    const asked = allEndpoints.filter((endpoint) => endpoint.kind === 'asked');
    expect(replies).toHaveLength(asked.length);
    const sent = asked.filter(({ askedBy }) => askedBy.includes('allocator'));
    expect(replies.filter(({ action }) => action === 'send')).toHaveLength(sent.length);
  });

  it('has the structure that AsyncAPI 3 requires', () => {
    expect(asyncApi.asyncapi).toBe('3.0.0');
    for (const [name, { address, messages, ...rest }] of Object.entries(asyncApi.channels)) {
      expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
      const places = [...(address ?? '').matchAll(/\{([^}]+)\}/g)].map(([, place]) => place);
      const { parameters = {} } = rest as { parameters?: object };
      expect(Object.keys(parameters)).toEqual(places);
      expect(Object.keys(messages)).toHaveLength(1);
    }
    for (const { action, channel, messages, reply } of Object.values(asyncApi.operations)) {
      expect(['send', 'receive']).toContain(action);
      const references = [
        channel,
        ...messages,
        ...(reply ? [reply.channel, ...reply.messages] : []),
      ];
      for (const { $ref } of references) expect(target($ref)).toBeDefined();
      for (const { $ref } of messages)
        expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true);
    }
  });

  it('has no dangling references', () => {
    const text = JSON.stringify(asyncApi);
    for (const [, $ref = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      expect([$ref, target($ref) !== undefined]).toEqual([$ref, true]);
    }
    expect(text).not.toContain('$defs');
  });
});
