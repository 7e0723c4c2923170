import { allEndpoints, type Role } from '#wire';
import { REQUESTS_CONSUMER, STREAM_USES, type StreamName, type StreamUse } from './stream-uses.js';

/** The tokens of its subjects that are fixed: its region and, for an owner of slots, its name. */
type Own = Readonly<Record<string, string>>;

interface Reader {
  readonly role: Role;
  readonly region: string;
  readonly own: Own;
}

/** What a role publishes in order to use streams: requests to JetStream's API. */
export function streamSubjects(role: Role, region: string, own: Own): readonly string[] {
  return Object.entries(STREAM_USES).flatMap(([name, uses]) =>
    (uses[role] ?? []).flatMap((use) => subjectsOf(use, name as StreamName, { role, region, own })),
  );
}

function subjectsOf(
  use: StreamUse,
  name: StreamName,
  { role, region, own }: Reader,
): readonly string[] {
  const stream = name === 'builds' ? `OBJ_builds_${region}` : `${name}_${region}`;
  const api = (question: string) => `$JS.API.${question}`;
  const info = api(`STREAM.INFO.${stream}`);
  const anyMessage = api(`STREAM.MSG.GET.${stream}`);
  const anyDirectly = api(`DIRECT.GET.${stream}`);
  switch (use) {
    case 'make':
      return [info, api(`STREAM.CREATE.${stream}`), api(`STREAM.UPDATE.${stream}`)];
    case 'follow': {
      const acts = ['CREATE', 'DELETE', 'MSG.NEXT'];
      return acts.map((act) => api(`CONSUMER.${act}.${stream}.>`));
    }
    case 'look':
      return [info, anyMessage, anyDirectly, `${anyDirectly}.>`];
    case 'own':
      return [info, ...storedIn(name, role, own).map((subject) => `${anyDirectly}.${subject}`)];
    case 'forget':
      return [api(`STREAM.PURGE.${stream}`)];
    case 'erase':
      return [api(`STREAM.MSG.DELETE.${stream}`), anyMessage];
    case 'work': {
      const consumer = `${stream}.${REQUESTS_CONSUMER}`;
      const acts = ['CREATE', 'DURABLE.CREATE', 'INFO', 'MSG.NEXT'];
      return [...acts.map((act) => api(`CONSUMER.${act}.${consumer}`)), `$JS.ACK.${consumer}.>`];
    }
    case 'fetch':
      return [api('INFO'), info, anyDirectly, `${anyDirectly}.>`];
    case 'store':
      return [`$O.builds_${region}.>`, anyMessage, api(`STREAM.PURGE.${stream}`)];
    default:
      return use satisfies never;
  }
}

/** The subjects of a stream that a role reads, limited to its own. */
function storedIn(name: StreamName, role: Role, own: Own): readonly string[] {
  return allEndpoints.flatMap((endpoint) => {
    const isRead =
      endpoint.kind === 'stored' && endpoint.stream === name && endpoint.readBy.includes(role);
    return isRead ? [endpoint.subject.filter(own)] : [];
  });
}
