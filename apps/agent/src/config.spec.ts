import { describe, expect, it } from '@jest/globals';
import { readAgentConfig } from './config.js';

const least = { BERTH_DATA: '/data', BERTH_COMMAND: '["game","--port","{port}"]' };

describe("the agent's settings", () => {
  it('have defaults for everything but the command and the data folder', () => {
    expect(readAgentConfig(least)).toMatchObject({
      BERTH_REGION: 'local',
      BERTH_SLOTS: 1,
      BERTH_PORTS: { first: 7_000, last: 7_999 },
      BERTH_COMMAND: ['game', '--port', '{port}'],
      BERTH_KEEP_WARM: true,
      BERTH_IDLE_MS: 3_600_000,
      BERTH_ON_STOP: 'keep',
    });
  });

  it('read lists and pairs', () => {
    const env = {
      ...least,
      BERTH_ATTRIBUTES: 'map=harbour, tier=a=b',
      BERTH_REQUIRED_ATTRIBUTES: 'x,y',
    };
    expect(readAgentConfig(env)).toMatchObject({
      BERTH_ATTRIBUTES: { map: 'harbour', tier: 'a=b' },
      BERTH_REQUIRED_ATTRIBUTES: ['x', 'y'],
    });
  });

  it('are refused with a list of everything that is wrong', () => {
    const read = () =>
      readAgentConfig({
        BERTH_COMMAND: 'game --port',
        BERTH_PORTS: '8000-7000',
        BERTH_SLOTS: '0',
        BERTH_REGION: 'a.b',
      });
    for (const name of [
      'BERTH_DATA',
      'BERTH_COMMAND',
      'BERTH_PORTS',
      'BERTH_SLOTS',
      'BERTH_REGION',
    ]) {
      expect(read).toThrow(name);
    }
  });

  it('tell a chosen port of the SDK daemon from the default port', () => {
    const read = (port?: string) =>
      readAgentConfig({ ...least, BERTH_SDK_PORT: port }).BERTH_SDK_PORT;
    expect([read(), read('off'), read('0'), read('9000')]).toEqual([undefined, 'off', 0, 9_000]);
    expect(() => read('65536')).toThrow('BERTH_SDK_PORT');
    expect(() => read('none')).toThrow('BERTH_SDK_PORT');
  });

  it('list what games inherit, without variables of Berth', () => {
    const read = (names: string) =>
      readAgentConfig({ ...least, BERTH_GAME_ENV: names }).BERTH_GAME_ENV;
    expect(read('LD_LIBRARY_PATH, NVIDIA_*')).toEqual(['LD_LIBRARY_PATH', 'NVIDIA_*']);
    for (const names of ['*', 'A B', 'A=b', 'BERTH_TOKEN', 'NATS_URL', 'NATS_*']) {
      expect(() => read(names)).toThrow('BERTH_GAME_ENV');
    }
  });

  it('write an address in its canonical form, and refuse a wildcard address', () => {
    const read = (text: string) => readAgentConfig({ ...least, BERTH_ADDRESS: text }).BERTH_ADDRESS;
    expect(read('[2001:0DB8:0::77]')).toBe('2001:db8::77');
    expect(read('Game.Example.')).toBe('game.example');
    for (const nobody of ['0.0.0.0', '::', '0', '192.0.2.1:7000', 'a b']) {
      expect(() => read(nobody)).toThrow('BERTH_ADDRESS');
    }
  });

  it('accept further ports and addresses', () => {
    const read = (changes: NodeJS.ProcessEnv) => readAgentConfig({ ...least, ...changes });
    const config = read({
      BERTH_EXTRA_PORTS: 'rcon, voice:10',
      BERTH_EXTRA_ADDRESSES: 'ipv6=[2001:0DB8::77],internal=10.0.0.7',
      BERTH_COMMAND: '["game","{port_rcon}","$$port_voice_last$$","{port_x"]',
    });
    expect(config.BERTH_EXTRA_PORTS).toEqual([
      { name: 'rcon', count: 1 },
      { name: 'voice', count: 10 },
    ]);
    expect(config.BERTH_EXTRA_ADDRESSES).toEqual({ ipv6: '2001:db8::77', internal: '10.0.0.7' });
    for (const wrong of ['game', 'Rcon', 'a:0', 'a:1001', 'a:b', 'a_last', 'a,a', 'a-b']) {
      expect(() => read({ BERTH_EXTRA_PORTS: wrong })).toThrow('BERTH_EXTRA_PORTS');
    }
    for (const wrong of ['ipv6=10.0.0.7', 'ipv4=::1', 'lan=0.0.0.0', 'LAN=10.0.0.7', 'lan=a b']) {
      expect(() => read({ BERTH_EXTRA_ADDRESSES: wrong })).toThrow('BERTH_EXTRA_ADDRESSES');
    }
  });

  it('are refused if the command names a port that no slot has', () => {
    const command = '["game","{port_rcn}","{port_rcon_last}","$$port_voice$$"]';
    const read = () =>
      readAgentConfig({ ...least, BERTH_EXTRA_PORTS: 'rcon,voice:2', BERTH_COMMAND: command });
    expect(read).toThrow(/BERTH_COMMAND: names port_rcn, port_rcon_last, which BERTH_EXTRA_PORTS/);
  });

  it('are refused if there are too few extra ports', () => {
    const read = (last: number) =>
      readAgentConfig({
        ...least,
        BERTH_SLOTS: '2',
        BERTH_EXTRA_PORTS: 'rcon,voice:10',
        BERTH_PORTS: `7000-${last}`,
      });
    expect(read(7_027).BERTH_PORTS).toEqual({ first: 7_000, last: 7_027 });
    expect(() => read(7_026)).toThrow(/3 ports for each slot, and its extra ports/);
  });

  it('are refused if there are too few ports', () => {
    const read = () => readAgentConfig({ ...least, BERTH_SLOTS: '4', BERTH_PORTS: '7000-7010' });
    expect(read).toThrow(/3 ports for each slot/);
  });
});
