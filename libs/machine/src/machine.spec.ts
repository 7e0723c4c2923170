import { machine, REFUSAL_NOTED_MS, type MachinePolicy, type SetPolicy } from '#machine';
import { given, START } from '#testing';
import { describe, expect, it } from '@jest/globals';

const policy: MachinePolicy = {
  fleets: ['ctf'],
  addresses: ['203.0.113.0/24'],
  slotsMax: 4,
  priorityMin: 10,
  projects: null,
};
const wanted = { at: START, reason: 'rented by the hour', by: 'ann' };
const setting = (to: MachinePolicy | null): SetPolicy => ({
  type: 'SetPolicy',
  policy: to,
  ...wanted,
});
const set = { type: 'PolicySet', policy, ...wanted } as const;
const slot = 'local.m1.1';
const reason = 'fleet "arena" is not among ctf';
const noting = (at: number) => ({ type: 'NoteRefusal', at, slot, reason }) as const;
const refused = { type: 'RegistrationRefused', at: START, slot, reason } as const;

describe('A machine', () => {
  it('has no policy at first', () =>
    expect(machine.initial).toEqual({ policy: null, refused: null }));

  it('gets a policy, then another one, then none', () => {
    given(machine).when(setting(policy)).then(set);
    given(machine, set)
      .when(setting({ ...policy, slotsMax: 5 }))
      .then('PolicySet');
    given(machine, set).when(setting(null)).then('PolicyRemoved');
    expect(given(machine, set, { type: 'PolicyRemoved', ...wanted }).state.policy).toBeNull();
  });

  it('records nothing if it already has that policy', () => {
    given(machine).when(setting(null)).thenNothing();
    given(machine, set)
      .when(setting({ ...policy }))
      .thenNothing();
  });

  it('is noted as refused once an hour, however often it repeats itself', () => {
    given(machine, set).when(noting(START)).then(refused);
    given(machine, set, refused)
      .when(noting(START + REFUSAL_NOTED_MS - 1))
      .thenNothing();
    given(machine, set, refused)
      .when(noting(START + REFUSAL_NOTED_MS))
      .then('RegistrationRefused');
  });

  it('is not said to be refused by the policy of before', () => {
    expect(given(machine, set, refused).state.refused).toEqual({ slot, reason, at: START });
    expect(given(machine, set, refused, set).state.refused).toBeNull();
  });
});
