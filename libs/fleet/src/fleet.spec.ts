import {
  fleet,
  warmWanted,
  type ConfigureFleet,
  type FleetEvent,
  type FleetSize,
  type SizeFleet,
} from '#fleet';
import { given, START } from '#testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

const size = { minAvailable: 2, max: 10, buffer: 3 };
const wanted = { at: START, reason: 'the season begins', by: 'operator' };
const setting = (to: FleetSize | null): SizeFleet => ({ type: 'SizeFleet', size: to, ...wanted });
const sized = { type: 'FleetSized', size, ...wanted } as const;

describe('A fleet', () => {
  it('has no size at first, and runs the configuration that its agents are set to', () =>
    expect(fleet.initial).toEqual({ size: null, buildConfiguration: null, atATime: 1 }));

  it('gets a build configuration beside its size, and can lose it again', () => {
    const configuring = (buildConfiguration: string | null, atATime = 2): ConfigureFleet => ({
      type: 'ConfigureFleet',
      buildConfiguration,
      atATime,
      ...wanted,
    });
    const configured = {
      type: 'FleetConfigured',
      buildConfiguration: 'winter',
      atATime: 2,
      ...wanted,
    } as const;
    given(fleet, sized).when(configuring('winter')).then(configured);
    given(fleet, sized, configured).when(configuring('winter')).thenNothing();
    given(fleet, sized, configured).when(configuring('winter', 3)).then('FleetConfigured');
    given(fleet, sized, configured).when(configuring(null)).then('FleetConfigured');
    given(fleet).when(configuring('winter', 0)).thenRefused('invalid');
    expect(given(fleet, sized, configured).state).toEqual({
      size,
      buildConfiguration: 'winter',
      previousConfiguration: null,
      atATime: 2,
    });
  });

  it('remembers what it ran before, until it runs something else again', () => {
    const runs = (buildConfiguration: string | null, atATime = 1) =>
      ({ type: 'FleetConfigured', buildConfiguration, atATime, ...wanted }) as const;
    const after = (...events: FleetEvent[]) => given(fleet, ...events).state.previousConfiguration;
    expect(after(sized)).toBeUndefined();
    expect(after(runs('summer'), runs('winter'))).toBe('summer');
    expect(after(runs('summer'), runs('winter'), runs('winter', 2))).toBe('summer');
    expect(after(runs('summer'), runs('winter'), runs('summer'))).toBe('winter');
    expect(after(runs('summer'), runs(null))).toBe('summer');
  });

  it('gets a size, then another one, then none', () => {
    given(fleet).when(setting(size)).then(sized);
    const more = { ...size, buffer: 4 };
    given(fleet, sized).when(setting(more)).then({ type: 'FleetSized', size: more });
    given(fleet, sized).when(setting(null)).then('FleetUnsized');
    expect(given(fleet, sized, { type: 'FleetUnsized', ...wanted }).state.size).toBeNull();
  });

  it('records nothing if it already has that size', () => {
    given(fleet).when(setting(null)).thenNothing();
    given(fleet, sized)
      .when(setting({ ...size }))
      .thenNothing();
  });

  it.each([
    { minAvailable: -1, max: 1, buffer: 0 },
    { minAvailable: 0, max: 1.5, buffer: 0 },
    { minAvailable: 3, max: 2, buffer: 0 },
    { minAvailable: 0, max: 2, buffer: 3 },
  ])('refuses %j', (wrong) => given(fleet).when(setting(wrong)).thenRefused('invalid'));

  it.each([
    ['zero servers', { minAvailable: 0, max: 0, buffer: 0 }],
    ['zero warm slots', { minAvailable: 0, max: 9, buffer: 0 }],
    ['a buffer above its minimum', { minAvailable: 1, max: 9, buffer: 4 }],
  ])('may be sized to %s', (_, allowed) => {
    given(fleet).when(setting(allowed)).then({ type: 'FleetSized', size: allowed });
  });
});

describe('The number of warm slots', () => {
  it.each([
    [0, 3],
    [6, 3],
    [8, 2],
    [10, 0],
    [12, 0],
  ])('with %d sessions of at most 10 is %d', (sessions, expected) => {
    expect(warmWanted(size, sessions)).toBe(expected);
  });

  it('keeps to the maximum and is never below zero, whatever the size', () => {
    const count = fc.nat({ max: 50 });
    const law = fc.property(count, count, count, count, (minAvailable, buffer, spare, sessions) => {
      const max = Math.max(minAvailable, buffer) + spare;
      const warm = warmWanted({ minAvailable, max, buffer }, sessions);
      expect(warm).toBeGreaterThanOrEqual(0);
      if (warm > 0) expect(sessions + warm).toBeLessThanOrEqual(max);
    });
    fc.assert(law);
  });
});
