import { describe, expect, it } from '@jest/globals';
import { readAgentConfig } from './config.js';

const least = { BERTH_DATA: '/data', BERTH_COMMAND: '["game","--port","{port}"]' };

describe("the agent's settings", () => {
  it('have defaults for all but the command and the data folder', () => {
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

  it('are refused with all that is wrong at once', () => {
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

  it('tell a port of the SDK daemon that was chosen from the usual one', () => {
    const read = (port?: string) =>
      readAgentConfig({ ...least, BERTH_SDK_PORT: port }).BERTH_SDK_PORT;
    expect([read(), read('off'), read('0'), read('9000')]).toEqual([undefined, 'off', 0, 9_000]);
    expect(() => read('65536')).toThrow('BERTH_SDK_PORT');
    expect(() => read('none')).toThrow('BERTH_SDK_PORT');
  });

  it('name what games inherit, but nothing of Berth', () => {
    const read = (names: string) =>
      readAgentConfig({ ...least, BERTH_GAME_ENV: names }).BERTH_GAME_ENV;
    expect(read('LD_LIBRARY_PATH, NVIDIA_*')).toEqual(['LD_LIBRARY_PATH', 'NVIDIA_*']);
    for (const names of ['*', 'A B', 'A=b', 'BERTH_TOKEN', 'NATS_URL', 'NATS_*']) {
      expect(() => read(names)).toThrow('BERTH_GAME_ENV');
    }
  });

  it('say the address in its one spelling, and no address of a whole machine', () => {
    const read = (text: string) => readAgentConfig({ ...least, BERTH_ADDRESS: text }).BERTH_ADDRESS;
    expect(read('[2001:0DB8:0::77]')).toBe('2001:db8::77');
    expect(read('Game.Example.')).toBe('game.example');
    for (const nobody of ['0.0.0.0', '::', '0', '192.0.2.1:7000', 'a b']) {
      expect(() => read(nobody)).toThrow('BERTH_ADDRESS');
    }
  });

  it('are refused where the ports do not suffice', () => {
    const read = () => readAgentConfig({ ...least, BERTH_SLOTS: '4', BERTH_PORTS: '7000-7010' });
    expect(read).toThrow(/3 ports for each slot/);
  });
});
