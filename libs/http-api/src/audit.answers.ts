import { jsonText } from '#json';
import type { Immutable } from '#kernel';
import { asked, grounds } from '#slot';
import { action, forgottenRecord, refusalRecord, settingChange } from '#wire';
import { z } from 'zod';
import { slotAnswer } from './slot.answers.js';

const instant = z.number().describe('epoch ms, by the clock of the log');

/** A slot as it was at an instant. */
export const slotThenAnswer = z
  .object({
    slot: slotAnswer.describe('the slot as it was'),
    at: instant.describe('the instant that was asked for; epoch ms'),
    since: instant.describe('when it had become so: the instant of its last event; epoch ms'),
    event: z.string().describe('type of its last event'),
    by: z.string().optional().describe('who requested that event, if somebody did'),
    writtenBy: z.string().describe('the writer of its last event, and its release'),
  })
  .meta({ id: 'SlotThen' });

/** One slot that a request was given, and what came of it. */
const attemptStory = z
  .object({
    attempt: z.int().describe('1 for the first slot that was tried'),
    slot: z.string().describe('`region.agent.slot`'),
    sequence: z.int().describe('sequence of its claim in the log'),
    claimedAt: instant,
    allocator: z.string().describe('the allocator that chose the slot'),
    buildConfiguration: z.string(),
    version: z.int(),
    restored: z.boolean().describe('whether the log had lost the session, and was told of it'),
    grounds: grounds
      .optional()
      .describe('why this slot; missing where an earlier version chose it'),
    payloadKey: z
      .int()
      .optional()
      .describe('number of the key that payload, answer and token are encrypted with, if they are'),
    answeredAt: instant.nullable().describe('when the game took the session; null if it did not'),
    left: z
      .object({
        by: z.string().describe('type of the event that ended it'),
        outcome: z.enum(['over', 'failed', 'withdrawn']),
        reason: z.string(),
        requestedBy: z.string().optional().describe('who asked for the end, if somebody did'),
        lastLine: z.string().optional().describe("the last line of the game's output"),
        at: instant,
      })
      .nullable()
      .describe('how the slot was left; null while it is held'),
    playersMax: z
      .int()
      .describe('the most players that were seen when a session without players had some again'),
    crashes: z.int(),
    clearedAt: instant.nullable().describe('when the slot was free again'),
  })
  .meta({ id: 'AttemptStory' });
export type AttemptStory = Immutable<z.output<typeof attemptStory>>;

/** All that is known of one request: who asked, each slot that was tried, and the end. */
export const allocationStoryAnswer = z
  .object({
    allocationId: z.string(),
    region: z.string(),
    status: z
      .enum(['pending', 'allocated', 'ended', 'refused', 'unserved'])
      .describe(
        '`pending`: a slot is being tried; `unserved`: the slots that were tried failed, and no ' +
          'refusal is kept',
      ),
    askedBy: z
      .string()
      .describe('the name of the access token, if there was one, and the name that was given'),
    askedAt: instant.describe('when it was asked for; where that is not kept, of the first claim'),
    asked,
    requestBytes: z.int().nullable().describe("size of the requester's payload"),
    answerBytes: z.int().nullable().describe("size of the game's answer"),
    requestPayload: jsonText.nullable().describe("the requester's payload"),
    payload: jsonText.nullable().describe("the game server's answer to its callback"),
    forgotten: forgottenRecord
      .pick({ by: true, reason: true, at: true })
      .optional()
      .describe(
        'who had payload and answer destroyed, and why; missing: nobody had, or they are `[encrypted]` because no allocator decrypts them now',
      ),
    attempts: z.array(attemptStory),
    refusal: refusalRecord
      .pick({ code: true, message: true, refusedAt: true, allocator: true, grounds: true })
      .nullable()
      .describe('the last refusal under this id; kept for a day'),
    unreadable: z.int().describe('events about it that cannot be read'),
    source: z
      .object({
        kind: z.enum(['index', 'history']),
        lagEvents: z
          .int()
          .nullable()
          .describe('how far the index is behind the log; null where it was not used'),
        because: z.string().optional().describe('why the index was not used'),
      })
      .optional()
      .describe('`index`: its slots were looked up; `history`: all events were read'),
  })
  .meta({ id: 'AllocationStory' });
export type AllocationStory = Immutable<z.output<typeof allocationStoryAnswer>>;

export const forgottenAnswer = z
  .object({ allocationId: z.string(), region: z.string() })
  .meta({ id: 'Forgotten' });

/** Why one claim took its slot: what was recorded, and the same computed anew from the log. */
const choice = z
  .object({
    allocationId: z.string(),
    attempt: z.int(),
    slot: z.string().describe('`region.agent.slot`'),
    sequence: z.int().describe('sequence of the claim in the log'),
    at: instant.describe('when it was chosen; epoch ms, by the clock of the log'),
    allocator: z.string(),
    askedBy: z.string(),
    asked,
    recorded: grounds.nullable().describe('null where an earlier version chose it'),
    recomputed: grounds
      .nullable()
      .describe(
        'from the slots as its allocator had read them (`recorded.readTo`), or else as they were just ' +
          'before in the log; null if none was free',
      ),
    verdict: z
      .enum(['same', 'explained', 'different', 'unknown'])
      .describe(
        '`explained`: both can be, by what it had read or by what no log contains; `unknown`: too ' +
          'little was recorded',
      ),
    reasons: z.array(z.string()).describe('why they differ, for people'),
    behind: z
      .object({ events: z.int(), ms: z.number() })
      .nullable()
      .describe('how far its allocator was behind the log, where that is known or explains it'),
  })
  .meta({ id: 'Choice' });
export type Choice = Immutable<z.output<typeof choice>>;

export const choicesAnswer = z
  .object({
    allocationId: z.string(),
    region: z.string(),
    choices: z.array(choice).describe('one for each slot that was tried, in the order of the log'),
  })
  .meta({ id: 'Choices' });

export const actionsAnswer = z.object({
  actions: z.array(action.meta({ id: 'Action' })).describe('what was done to slots'),
  changes: z
    .array(settingChange.meta({ id: 'SettingChange' }))
    .nullable()
    .optional()
    .describe(
      'what was done to fleets, build configurations, builds and policies of machines in the same time; ' +
        'null: permissions on NATS do not let the gateway read it',
    ),
  next: z
    .string()
    .optional()
    .describe('the `after` of the next page, which a page with few actions may have, too'),
  readTo: instant.nullable().describe('up to when the history was read; null: there was nothing'),
});
