import { describe, expect, it } from '@jest/globals';
import { argumentsOf, fillIn, isPlaceholder } from './command-line.js';

describe('a command line', () => {
  const words = { port: '7000', query_port: '7001', log_dir: '/logs' };

  it('gets its placeholders filled in, in the notation of Berth and of Multiplay', () => {
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

  it('fills the whole command line in for `commandline`, without that placeholder itself', () => {
    const command = ['--run', '-port $$commandline$$', '{port}', '{commandline}'];
    expect(argumentsOf(command, words)).toEqual([
      '--run',
      '-port --run 7000',
      '7000',
      '--run 7000',
    ]);
  });

  it('tells which placeholders it would fill in', () => {
    const names = ['port', 'commandline', 'server_log_dir', 'toString'];
    expect(names.map(isPlaceholder)).toEqual([true, true, false, false]);
  });

  it('keeps unknown placeholders, so that arguments may be JSON', () => {
    const command = ['{"port":1}', '{unknown}', '$$unknown$$', '$$', '{}'];
    expect(fillIn(command, words)).toEqual(command);
  });
});
