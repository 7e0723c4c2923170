import { buildEvent, buildState, configurationEvent, configurationState } from '#build';
import {
  buildsAnswer,
  changeBuildAnswer,
  changeBuildRequest,
  configurationsAnswer,
  configureAnswer,
  configureRequest,
  namesRequest,
} from '../messages/configuration.messages.js';
import { recorded } from '../storage/recorded.schema.js';
import { asked, byAllocators, RECORDED_MS, stored } from './endpoint.js';

const manifest = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
const content = { manifest, files: 214, bytes: 734_003_200 };
const build = {
  ...{ id: 'local.ctf', version: 3, revision: 9 },
  versions: [{ version: 3, ...content, at: 1_790_000_000_000, by: 'ann' }],
};
const ref = { region: 'local', name: 'ctf' };
const by = { reason: 'the weekend', by: 'ann' };

/** Stored, and read by the services that run or list builds. */
const history = {
  stream: 'CONFIGURATIONS',
  writtenBy: ['allocator'],
  readBy: ['allocator', 'gateway', 'agent'],
  repeatedTo: ['allocator', 'agent'],
} as const;

const byOperators = { askedBy: ['gateway', 'operator'], ...byAllocators } as const;

export const buildEndpoints = {
  configuration: stored({
    subject: 'configuration.<region>.<name>',
    description: 'the history of a build configuration: one CloudEvents document per event',
    ...recorded(configurationEvent, configurationState),
    ...history,
  }),
  build: stored({
    subject: 'build.<region>.<name>',
    description: 'the history of a build: one CloudEvents document per event',
    ...recorded(buildEvent, buildState),
    ...history,
  }),
  configure: asked({
    subject: 'configure.<region>',
    description: 'a request to set or remove a build configuration',
    request: configureRequest,
    answer: configureAnswer,
    ...byOperators,
    answerMs: RECORDED_MS,
    example: {
      request: { ...ref, configuration: null, ...by },
      answer: {
        status: 'configured',
        configuration: { id: 'local.ctf', version: 4, revision: 8, configuration: null },
      },
    },
  }),
  configurations: asked({
    subject: 'configurations.<region>',
    description: 'a request for the list of build configurations of the region, or for one of them',
    request: namesRequest,
    answer: configurationsAnswer,
    ...byOperators,
    answerMs: RECORDED_MS,
    example: {
      request: { region: 'local' },
      answer: {
        status: 'configurations',
        configurations: [
          {
            ...{ id: 'local.ctf', version: 4, revision: 8 },
            ...{ build: { name: 'ctf', version: 3 }, executable: 'bin/server' },
          },
        ],
      },
    },
  }),
  changeBuild: asked({
    subject: 'changebuild.<region>',
    description: 'a request to add a build whose files are stored, or to remove a version',
    request: changeBuildRequest,
    answer: changeBuildAnswer,
    ...byOperators,
    answerMs: RECORDED_MS,
    example: {
      request: { kind: 'push', ...ref, ...content, ...by },
      answer: { status: 'build', build },
    },
  }),
  builds: asked({
    subject: 'builds.<region>',
    description: 'a request for the list of builds of the region, or for one of them',
    request: namesRequest,
    answer: buildsAnswer,
    ...byOperators,
    answerMs: RECORDED_MS,
    example: { request: ref, answer: { status: 'build', build } },
  }),
};
