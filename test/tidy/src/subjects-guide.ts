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
[asyncapi.json](asyncapi.json), which each gateway also serves at \`/asyncapi.json\`; unknown fields are
refused. Everything below can be tried with \`berth dev\`: region \`local\`, \`nats://127.0.0.1:4222\`.

### Ask for a server, and wait for it

Request (publish with a reply subject of your own) on \`${ask.subject}\`:

${block(ask)}

All fields are optional; even \`{}\` is a request. But send an \`allocationId\` of your own: it stands for one
session for ever, and **a repeated request gets the same answer**, so you can repeat a request that got no
answer. \`payload\` is any JSON, for the game server. \`waitMs\` is how long the request may wait for a free
slot, \`timeoutMs\` how long it may take after that. Wait for the reply for the sum of both, and half a
second more. The reply:

${block(granted)}

Players connect to \`address\`. The game server knows \`token\` too, so it may ask players for it; \`payload\`
is the game server's answer. Or the reply is a refusal:

${block(refused)}

It has the headers \`Nats-Service-Error\` and \`Nats-Service-Error-Code\`; \`code\` is one of
[these](../errors.md), and stable. Other outcomes:

| Reply                                                          | Meaning                                                    |
| -------------------------------------------------------------- | ---------------------------------------------------------- |
| a message without a body, with the headers \`NATS/1.0 503\`      | no allocator runs for the region: ask again in a second    |
| nothing in time, or a refusal \`timed-out\` or \`not-ready\`       | the outcome is unknown: ask again, with the same id        |

If the players leave while the request waits, publish on \`${cancel.subject}\`, without a reply:

${block(cancel)}

The request is then answered \`cancelled\`. If the message arrives before the request is in the queue, it has
no effect: publish it again until the request is answered. A server that was granted by then stays allocated:
end the allocation.

### End it

Request on \`${end.subject}\`:

${block(end)}

The reply is the same if the request is repeated; \`unknown-allocation\` means that there was no such
allocation:

${block(ended)}

### Publish a request

A request that should be served even if its requester does not wait, or no allocator runs just now, goes to
\`${leave.subject}\`:

${block(leave)}

with its \`allocationId\` in the header, \`Nats-Msg-Id: match-2\`, so that it counts once even if it is
published again, and with a reply subject, on which JetStream answers once it is stored.
\`{"stream":"REQUESTS_local","seq":1}\` (perhaps with \`"duplicate":true\`) means that it is stored;
\`"error"\` means that it is not, and it may be published again. \`waitMs\` counts from when it was stored.

The result is kept for a day under \`result.<region>.<token>\`. An id may contain characters that a subject
cannot, so **the token is the id in base64url without padding** (RFC 4648, section 5): \`match-2\` is
\`${idToken('match-2')}\`, and \`a.b/c\` is \`${idToken('a.b/c')}\`. On \`${result.subject}\`:

${block(result)}

\`answer\` is what the reply to a request would be. There are two ways to get it:

- **Subscribe** to \`${result.subject}\` before the request is published. One message comes.
- **Poll**: request \`$JS.API.DIRECT.GET.OUTCOMES_local.${result.subject}\` with an empty body. The reply is
  the result, with further headers (\`Nats-Subject\`, \`Nats-Time-Stamp\`); or a message without a body whose
  headers begin with \`NATS/1.0 404\` if there is no result yet.

A gateway's \`GET /v1/requests/{id}\` shows the same. A refusal \`expired\` means that \`waitMs\` had passed
before there was a server.

### Watch

Subscribe to \`live.slot.local.*.*\` to get every event of every slot as it is stored. In each
[CloudEvents](https://cloudevents.io) document, \`data.event\` is the event (\`type\`, \`at\` in epoch ms) and
\`data.state\` the state that it led to. You miss events that are sent while you are not connected; the whole
history is in the stream \`SLOTS_local\`.
`;
}
