import { describe, expect, it } from '@jest/globals';
import { isLoopback } from './loopback.js';

describe('A host', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1'])(
    'that is %s is this machine',
    (host) => expect(isLoopback(host)).toBe(true),
  );

  it.each(['127.ops.example', '127.0.0.1.example', '10.0.0.1', '0.0.0.0', '::', ''])(
    'that is %s may be another one',
    (host) => expect(isLoopback(host)).toBe(false),
  );
});
