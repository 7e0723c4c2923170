import { describe, expect, it } from '@jest/globals';
import { argumentsOf, fillIn, isPlaceholder } from './command-line.js';

describe('a command line', () => {
  const words = { port: '7000', query_port: '7001', log_dir: '/logs' };

  it('has its placeholders filled in, as Berth and as Multiplay write them', () => {
    const command = ['game', '--port={port}', '-queryport', '$$query_port$$', '$$log_dir$$/{port}'];
    expect(fillIn(command, words)).toEqual([
      'game',
      '--port=7000',
      '-queryport',
      '7001',
      '/logs/7000',
    ]);
  });

  it('fills in names with a digit', () => {
    const both = { ip: '', ipv6: '2001:db8::77' };
    expect(fillIn(['{ip}{ipv6}', '$$ipv6$$'], both)).toEqual(['2001:db8::77', '2001:db8::77']);
  });

  it('is told as a whole to who asks for it, but for the asking', () => {
    const command = ['--run', '-port $$commandline$$', '{port}', '{commandline}'];
    expect(argumentsOf(command, words)).toEqual([
      '--run',
      '-port --run 7000',
      '7000',
      '--run 7000',
    ]);
  });

  it('says what it would fill in', () => {
    const names = ['port', 'commandline', 'server_log_dir', 'toString'];
    expect(names.map(isPlaceholder)).toEqual([true, true, false, false]);
  });

  it('keeps what is no known placeholder, so that arguments may be JSON', () => {
    const command = ['{"port":1}', '{unknown}', '$$unknown$$', '$$', '{}'];
    expect(fillIn(command, words)).toEqual(command);
  });
});
