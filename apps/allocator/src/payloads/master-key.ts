import { errorMessage } from '#kernel';
import { ConfigInvalid } from '#service-runtime';
import { readFileSync } from 'node:fs';
import { KEY_BYTES } from './cipher.js';

/** Reads a master key. Throws `ConfigInvalid`; undefined without a file. */
export function masterKeyIn(file: string | undefined): Uint8Array | undefined {
  if (file === undefined) return undefined;
  const key = Buffer.from(textIn(file).trim(), 'base64');
  if (key.length === KEY_BYTES) return key;
  const has = `has ${key.length} bytes`;
  throw new ConfigInvalid(
    `BERTH_PAYLOAD_MASTER_KEY_FILE: ${file} ${has}, and must have ${KEY_BYTES} in base64: openssl rand -base64 ${KEY_BYTES}`,
  );
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const says = `BERTH_PAYLOAD_MASTER_KEY_FILE cannot be read: ${errorMessage(cause)}`;
    throw new ConfigInvalid(says, { cause });
  }
}
