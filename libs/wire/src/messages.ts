import { z } from 'zod';
import {
  allocationAnswer,
  allocationRequest,
  cancelRequest,
  deallocationAnswer,
  deallocationRequest,
} from './messages/allocation.schema.js';
import { beat } from './messages/beat.schema.js';
import { buildEvent, buildState } from './messages/build.schema.js';
import {
  buildsAnswer,
  changeBuildAnswer,
  changeBuildRequest,
  configurationsAnswer,
  configureAnswer,
  configureRequest,
  namesRequest,
} from './messages/configuration.messages.js';
import { configurationEvent, configurationState } from './messages/configuration.schema.js';
import { operationAnswer, operationRequest } from './messages/operations.schema.js';
import {
  configureFleetRequest,
  fleetEvent,
  fleetState,
  fleetsAnswer,
  fleetsRequest,
  sizeAnswer,
  sizeRequest,
} from './messages/fleet.schema.js';
import {
  logAnswer,
  logChunk,
  logRequest,
  usageAnswer,
  usageRequest,
} from './messages/observation.schema.js';
import {
  allocationResult,
  publishedRequest,
  refusalRecord,
  setAsideRecord,
} from './messages/published.schema.js';
import {
  deregistrationAnswer,
  deregistrationRequest,
  keepAliveRequest,
  registrationAnswer,
  registrationRequest,
} from './messages/registration.schema.js';
import { reportMessage, slotEvent, slotState } from './storage/slot.schema.js';

/** What is said on a kind of subject, and what is answered there, if anything. */
export interface MessageSchemas {
  readonly says: z.ZodType;
  readonly answer?: z.ZodType;
  readonly mediaType?: string;
}

/** What the log holds: see `cloud-event.ts`, which writes and reads it. */
function recorded(event: z.ZodType, state: z.ZodType): MessageSchemas {
  const says = z.looseObject({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string().describe("with a prefix, the event's own type"),
    subject: z.string(),
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    dataversion: z.int(),
    data: z.object({ event, state }).describe('the event, and the state it led to'),
  });
  return { says, mediaType: 'application/cloudevents+json' };
}

/** By the first word of the subject; what is live is what was recorded. */
const MESSAGES: Readonly<Record<string, MessageSchemas>> = {
  slot: recorded(slotEvent, slotState),
  fleet: recorded(fleetEvent, fleetState),
  configuration: recorded(configurationEvent, configurationState),
  build: recorded(buildEvent, buildState),
  allocate: { says: allocationRequest.partial({ region: true }), answer: allocationAnswer },
  cancel: { says: cancelRequest },
  deallocate: { says: deallocationRequest.partial({ region: true }), answer: deallocationAnswer },
  direct: { says: operationRequest, answer: operationAnswer },
  size: { says: sizeRequest, answer: sizeAnswer },
  fleets: { says: fleetsRequest, answer: fleetsAnswer },
  configurefleet: { says: configureFleetRequest, answer: sizeAnswer },
  configure: { says: configureRequest, answer: configureAnswer },
  configurations: { says: namesRequest, answer: configurationsAnswer },
  changebuild: { says: changeBuildRequest, answer: changeBuildAnswer },
  builds: { says: namesRequest, answer: buildsAnswer },
  register: { says: registrationRequest, answer: registrationAnswer },
  keepalive: { says: keepAliveRequest, answer: registrationAnswer },
  deregister: { says: deregistrationRequest, answer: deregistrationAnswer },
  request: { says: publishedRequest },
  result: { says: allocationResult },
  refusal: { says: refusalRecord },
  setaside: { says: setAsideRecord },
  report: { says: reportMessage },
  beat: { says: beat },
  logs: { says: logRequest, answer: logAnswer },
  output: { says: logChunk },
  usage: { says: usageRequest, answer: usageAnswer },
};

/** Undefined for a subject whose messages are somebody else's: those of NATS itself. */
export function messagesOn(pattern: string): MessageSchemas | undefined {
  const [first = '', second = ''] = pattern.split('.');
  return MESSAGES[first === 'live' ? second : first];
}
