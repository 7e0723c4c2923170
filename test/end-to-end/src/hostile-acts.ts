/** Something that an identity must not do. The machine is called `dev`, another one `other`. */
export interface HostileAct {
  readonly how: 'publish' | 'subscribe';
  readonly subject: string;
  readonly what: string;
}

type Row = readonly [subject: string, what: string];

const publish = (rows: readonly Row[]): readonly HostileAct[] =>
  rows.map(([subject, what]) => ({ how: 'publish', subject, what }));
const subscribe = (rows: readonly Row[]): readonly HostileAct[] =>
  rows.map(([subject, what]) => ({ how: 'subscribe', subject, what }));

/** Nobody outside of the account of the streams may do these. */
const everybody: readonly HostileAct[] = [
  ...publish([
    ['slot.local.other.1', 'writes into the log'],
    ['fleet.local.sample', "writes into a fleet's history"],
    ['configuration.local.sample-game', "writes into a build configuration's history"],
    ['build.local.game', "writes into a build's history"],
    ['refusal.local.eA', 'invents a refusal'],
    ['setaside.local.1', 'invents what was set aside'],
    ['live.slot.local.other.1', 'poses as the stream to an agent'],
    ['live.configuration.local.game', 'poses as the stream of configurations'],
    ['beat.local.other', 'beats for another machine'],
    ['alive.local.gateway.x', 'poses as a gateway'],
    ['waiting.local.x', 'asks which requests wait'],
    ['streams.local', 'asks for the streams'],
    ['report.local.other.1', "reports on another machine's slot"],
    ['report.local.other.1.a', 'the same, to the allocator that claimed'],
    ['output.local.other.1', "writes into another's game log"],
    ['reserve.local.other.1', "reserves another machine's slot"],
    ['done.local.other.1', "ends another machine's session"],
    ['register.local', 'registers a server past the gateway'],
    ['decrypt.local', 'has payloads and tokens of the log decrypted'],
    ['decrypt.local.other.1', "the same, of another machine's slot"],
    ['keepalive.local', "keeps another's registration alive"],
    ['deregister.local', "ends another's registration"],
    ['$JS.API.STREAM.PURGE.SLOTS_local', 'empties the log'],
    ['$JS.API.STREAM.DELETE.SLOTS_local', 'deletes the log'],
    ['$JS.API.STREAM.UPDATE.SLOTS_local', 'changes the settings of the log'],
    ['$JS.API.STREAM.CREATE.EVIL', 'makes a stream of its own'],
    ['$JS.API.STREAM.SNAPSHOT.SLOTS_local', 'copies the whole log'],
    ['$JS.API.STREAM.MSG.GET.SLOTS_local', 'reads any message of the log'],
    ['$JS.API.STREAM.MSG.DELETE.SLOTS_local', 'deletes a message of the log'],
    ['$JS.API.STREAM.NAMES', 'lists the streams'],
    ['$JS.API.DIRECT.GET.SLOTS_local', 'reads slots by a pattern in the body'],
    ['$JS.API.DIRECT.GET.SLOTS_local.slot.local.other.1', "reads another machine's slot"],
    ['$JS.API.DIRECT.GET.SLOTS_local.slot.local.*.*', 'reads the newest of all slots'],
    ['$JS.API.DIRECT.GET.SLOTS_local.>', 'the same'],
    ['$JS.API.DIRECT.GET.ARCHIVE_local.slot.local.other.1', 'reads the archive'],
    ['$JS.API.CONSUMER.CREATE.SLOTS_local.x', 'reads all of the log'],
    [
      '$JS.API.CONSUMER.CREATE.SLOTS_local.x.slot.local.dev.1',
      'has a consumer send events anywhere',
    ],
    ['$JS.API.CONSUMER.DURABLE.CREATE.REQUESTS_local.x', 'reads the published requests'],
    ['$JS.API.CONSUMER.MSG.NEXT.REQUESTS_local.allocators', 'takes published requests away'],
    ['$JS.API.CONSUMER.DELETE.REQUESTS_local.allocators', 'deletes the consumer of the allocators'],
    ['$JS.API.CONSUMER.LIST.SLOTS_local', 'lists consumers'],
    ['$JS.ACK.REQUESTS_local.allocators.1.1.1.1.0', "settles another's request"],
    ['$SYS.REQ.SERVER.PING', 'asks the servers about themselves'],
    ['_INBOX_allocator.x.1', 'answers in the place of another'],
    ['_INBOX_gateway.x.1', 'the same'],
  ]),
  ...subscribe([
    ['>', 'hears everything'],
    ['_INBOX.>', "hears others' answers"],
    ['_INBOX_allocator.>', "hears an allocator's answers"],
    ['_INBOX_gateway.>', "hears a gateway's answers"],
    ['$JS.>', 'hears questions to JetStream'],
    ['slot.local.*.*', 'hears what is written into the log'],
    ['report.local.>', "hears other machines' reports"],
    ['beat.local.*', 'hears who is there'],
    ['alive.local.*.*', 'hears which services run'],
    ['allocate.local', 'poses as an allocator'],
    ['reserve.local.*.*', 'the same, to agents'],
    ['register.local', 'poses as the registrar'],
    ['request.local', 'hears published requests'],
  ]),
];

/** A machine that was taken over: it has the agent's key. */
export const evilMachine: readonly HostileAct[] = [
  ...everybody,
  ...publish([
    ['slot.local.dev.1', "writes its own slot's history"],
    ['allocate.local', 'allocates'],
    ['deallocate.local', 'ends any session whose id it knows'],
    ['cancel.local', "cancels another's request"],
    ['request.local', 'publishes a request'],
    ['result.local.eA', 'invents a result'],
    ['direct.local', 'drains, or retires, any slot'],
    ['size.local', "changes a fleet's size"],
    ['configure.local', 'changes a build configuration: code for all machines'],
    ['changebuild.local', 'adds or removes a version of a build'],
    ['configurefleet.local', 'rolls out'],
    ['usage.local.other', 'asks another machine for its usage'],
    ['logs.local.other.1', "reads another machine's game log"],
    ['$O.builds_local.M.x', "replaces a build's files"],
    ['$JS.API.STREAM.PURGE.OBJ_builds_local', 'removes the files of builds'],
    ['$JS.API.DIRECT.GET.OUTCOMES_local.result.local.eA', "reads a requester's result"],
    ['$SRV.PING', 'asks who serves'],
  ]),
  ...subscribe([
    ['live.slot.local.*.*', 'hears all sessions, with their tokens'],
    ['live.slot.local.other.*', "hears another machine's sessions"],
    ['result.local.*', 'hears results'],
    ['output.local.*.*', "hears others' game logs"],
    ['logs.local.other.1', "answers in another machine's place"],
    ['usage.local.other', 'the same'],
    ['unlogged.local.other', 'invents sessions of another machine'],
  ]),
];

/** A matchmaker that was taken over. */
export const evilMatchmaker: readonly HostileAct[] = [
  ...everybody,
  ...publish([
    ['direct.local', 'drains, or retires, any slot'],
    ['size.local', "changes a fleet's size"],
    ['configure.local', 'changes a build configuration: code for all machines'],
    ['changebuild.local', 'adds or removes a version of a build'],
    ['configurefleet.local', 'rolls out'],
    ['usage.local.dev', 'asks a machine for its usage'],
    ['logs.local.dev.1', "reads a machine's game log"],
    ['beat.local.dev', 'beats for a machine'],
    ['report.local.dev.1', "reports on a machine's slot"],
    ['reserve.local.dev.1', "reserves a machine's slot as its game"],
    ['$O.builds_local.M.x', "replaces a build's files"],
    ['$JS.API.DIRECT.GET.OBJ_builds_local', "reads builds' files"],
    ['$JS.API.DIRECT.GET.CONFIGURATIONS_local', 'reads build configurations'],
    ['$SRV.PING', 'asks who serves'],
  ]),
  ...subscribe([
    ['output.local.*.*', 'hears game logs'],
    ['usage.local.dev', "answers in a machine's place"],
    ['live.configuration.local.*', 'hears build configurations'],
  ]),
];

/** An operator's key in wrong hands: it may do much, and no history is its own to write. */
export const evilOperator: readonly HostileAct[] = [
  ...everybody,
  ...publish([
    ['allocate.local', 'allocates'],
    ['result.local.eA', 'invents a result'],
    ['$JS.API.DIRECT.GET.OUTCOMES_local.result.local.eA', "reads a requester's result"],
    ['beat.local.dev', 'beats for a machine'],
    ['report.local.dev.1', "reports on a machine's slot"],
    ['unlogged.local.dev', 'asks for sessions that the log does not tell of'],
    ['$O.builds_local.M.x', "replaces a build's files"],
    ['$JS.API.DIRECT.GET.OBJ_builds_local', "reads builds' files"],
  ]),
  ...subscribe([['result.local.*', 'hears results']]),
];

/** A gateway in wrong hands: it reads all of the log, and writes none. */
export const evilGateway: readonly HostileAct[] = [
  ...publish([
    ['slot.local.dev.1', 'writes into the log'],
    ['fleet.local.sample', "writes into a fleet's history"],
    ['machine.local.dev', "writes into the history of a machine's policy"],
    ['configuration.local.sample-game', "writes into a build configuration's history"],
    ['build.local.game', "writes into a build's history"],
    ['key.local.share', 'stores a key of payloads'],
    ['forgotten.local.1', 'claims that a payload was to be forgotten'],
    ['setaside.local.1', 'invents what was set aside'],
    ['live.slot.local.dev.1', 'poses as the stream to an agent'],
    ['live.configuration.local.game', 'poses as the stream of configurations'],
    ['live.machine.local.dev', 'poses as the stream of policies'],
    ['beat.local.dev', 'beats for a machine'],
    ['report.local.dev.1', "reports on a machine's slot"],
    ['report.local.dev.1.a', 'the same, to the allocator that claimed'],
    ['reserve.local.dev.1', "reserves a machine's slot as its game"],
    ['$JS.API.STREAM.PURGE.SLOTS_local', 'empties the log'],
    ['$JS.API.STREAM.DELETE.SLOTS_local', 'deletes the log'],
    ['$JS.API.STREAM.UPDATE.SLOTS_local', 'changes the settings of the log'],
    ['$JS.API.STREAM.CREATE.EVIL', 'makes a stream that copies what it likes'],
    ['$JS.API.STREAM.UPDATE.OBJ_builds_local', "has builds' files repeated as events of the log"],
    ['$JS.API.STREAM.DELETE.OBJ_builds_local', 'deletes the files of all builds'],
    ['$JS.API.STREAM.SNAPSHOT.SLOTS_local', 'copies the whole log'],
    ['$JS.API.STREAM.MSG.DELETE.SLOTS_local', 'deletes a message of the log'],
    ['$JS.API.STREAM.MSG.DELETE.KEYS_local', 'destroys a key of payloads'],
    ['$JS.API.STREAM.MSG.GET.KEYS_local', 'reads the keys of payloads'],
    ['$JS.API.DIRECT.GET.KEYS_local', 'the same, by a pattern'],
    ['$JS.API.CONSUMER.CREATE.KEYS_local.x', 'the same, all of them'],
    ['$JS.API.CONSUMER.CREATE.SLOTS_local.x', 'has a consumer send events anywhere'],
    ['$JS.API.CONSUMER.CREATE.ARCHIVE_local.x', 'the same, past the archive'],
    ['$JS.API.CONSUMER.DURABLE.CREATE.SLOTS_local.x', 'the same, by another way to make one'],
    ['$JS.API.CONSUMER.MSG.NEXT.SLOTS_local.x', 'has a consumer answer anywhere'],
    ['$JS.API.CONSUMER.CREATE.OBJ_builds_local.x', "has a consumer send builds' files anywhere"],
    ['$JS.API.CONSUMER.MSG.NEXT.REQUESTS_local.allocators', 'takes published requests away'],
    ['$JS.API.CONSUMER.DELETE.REQUESTS_local.allocators', 'deletes the consumer of the allocators'],
    ['$JS.ACK.REQUESTS_local.allocators.1.1.1.1.0', "settles another's request"],
    ['$SYS.REQ.SERVER.PING', 'asks the servers about themselves'],
    ['_INBOX_allocator.x.1', 'answers in the place of another'],
  ]),
  ...subscribe([
    ['>', 'hears everything'],
    ['_INBOX_allocator.>', "hears an allocator's answers"],
    ['$JS.>', 'hears questions to JetStream'],
    ['slot.local.*.*', 'hears what is written into the log'],
    ['report.local.>', "hears machines' reports"],
    ['allocate.local', 'poses as an allocator'],
    ['decrypt.local', 'the same, to those who ask for payloads'],
    ['request.local', 'hears published requests'],
  ]),
];

/** A registrar or an auditor in wrong hands: neither has anything decrypted but of its own slots. */
export const evilReader: readonly HostileAct[] = [
  ...evilGateway,
  ...publish([
    ['decrypt.local', 'has payloads and tokens of the log decrypted'],
    ['decrypt.local.dev.1', "the same, of a machine's slot"],
    ['decryptresult.local', 'the same, of the result of a published request'],
    ['forget.local', 'destroys the key of a payload'],
  ]),
];
