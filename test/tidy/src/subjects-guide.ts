import { resultSubject } from '#wire';
import { SUBJECT_EXAMPLES, type SubjectExample } from './subject-examples.js';

const { ask, granted, refused, cancel, end, ended, leave, result } = SUBJECT_EXAMPLES;

/** An id as it is written in a subject. */
function idToken(allocationId: string): string {
  return resultSubject('local', allocationId).slice('result.local.'.length);
}

function block({ says }: SubjectExample): string {
  return ['```json', JSON.stringify(says, null, 2), '```'].join('\n');
}

/** A matchmaker's day over NATS, with message bodies: enough to write a matchmaker from it. */
export function subjectsGuide(): string {
  return `## A matchmaker, worked through

Bodies are JSON in UTF-8 without an envelope. Fields, types and limits of every message are in
[asyncapi.json](asyncapi.json), which each gateway also serves at \`/asyncapi.json\`; a field that is not
there is refused. All that follows can be tried against \`berth dev\`: region \`local\`,
\`nats://127.0.0.1:4222\`.

### Ask for a server, and wait for it

Request (publish with a reply subject of your own) on \`${ask.subject}\`:

${block(ask)}

Only \`allocationId\` matters; \`{}\` is a request, too. The id names one session for ever, and **the same
request again is given the same answer**: so make the id up yourself, and ask again with it where there
was no answer. \`payload\` is any JSON, for the game server. \`waitMs\` is how long the request may wait for
a slot to become free, \`timeoutMs\` how long it may take from then on. Wait for the reply for both
together, and half a second more. The reply:

${block(granted)}

Players go to \`address\`. \`token\` is known to the game server, too, so it may ask players for it;
\`payload\` is what the game server answered. Or the reply is a refusal:

${block(refused)}

It has the headers \`Nats-Service-Error\` and \`Nats-Service-Error-Code\`; \`code\` is one of
[these](../errors.md), and stable. What else may come:

| What comes                                                     | What it means                                              |
| -------------------------------------------------------------- | ---------------------------------------------------------- |
| a message without a body, its headers \`NATS/1.0 503\`           | no allocator runs for the region: ask again in a second    |
| nothing in time, or the refusals \`timed-out\` and \`not-ready\`   | it is not known what became of it: ask again, the same id  |

Where players leave while the request waits, publish on \`${cancel.subject}\`, without a reply:

${block(cancel)}

It frees the place of the request, which is answered \`cancelled\`. One that comes before the request has
its place is lost: publish it again until there is a reply. What was granted by then stays: end it.

### End it

Request on \`${end.subject}\`:

${block(end)}

The reply; twice is no error, and \`unknown-allocation\` means that there was none:

${block(ended)}

### Leave a request behind

A request that is to be served even where nobody waits, or no allocator runs just now, goes to
\`${leave.subject}\`:

${block(leave)}

with the header \`Nats-Msg-Id: match-2\`, its \`allocationId\`, so that it counts once however often it is
published, and with a reply subject: JetStream answers when it is stored, and it is not before that.
\`{"stream":"REQUESTS_local","seq":1}\` (perhaps with \`"duplicate":true\`) says that it is; with
\`"error"\` it is not, and the same may be published again. \`waitMs\` counts from then.

What became of it is kept for a day on \`result.<region>.<token>\`. A subject cannot hold everything that
an id can, so **the token is the id in base64url without padding** (RFC 4648, section 5): \`match-2\` is
\`${idToken('match-2')}\`, and \`a.b/c\` is \`${idToken('a.b/c')}\`. On \`${result.subject}\`:

${block(result)}

\`answer\` is what a reply would have been. There are two ways to it:

- **Subscribe** to \`${result.subject}\` before the request is published. One message comes.
- **Look**: request \`$JS.API.DIRECT.GET.OUTCOMES_local.${result.subject}\` with an empty body. The reply is
  the result with headers of its own (\`Nats-Subject\`, \`Nats-Time-Stamp\`), or one without a body whose
  headers begin \`NATS/1.0 404\`: there is nothing yet.

A gateway's \`GET /v1/requests/{id}\` shows the same. A refusal \`expired\` means that \`waitMs\` was over before there was a server.

### Watch

Subscribe to \`live.slot.local.*.*\`: every event of every slot, as it is stored. Of a
[CloudEvents](https://cloudevents.io) document, \`data.event\` says what happened (\`type\`, \`at\` in epoch
ms) and \`data.state\` what the slot is now. What is sent while you are away is missed; the whole history is
in the stream \`SLOTS_local\`.
`;
}
