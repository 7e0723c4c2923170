import {
  buildSubject,
  changeBuildSubject,
  configurationSubject,
  configureFleetSubject,
  configureSubject,
  listBuildsSubject,
  listConfigurationsSubject,
} from './build-subjects.js';
import {
  ALLOCATORS,
  allocateSubject,
  beatSubject,
  cancelSubject,
  deallocateSubject,
  deregisterSubject,
  operateSubject,
  fleetSubject,
  keepAliveSubject,
  listFleetsSubject,
  liveSubject,
  logsSubject,
  outputSubject,
  registerSubject,
  reportSubject,
  requestSubject,
  sizeSubject,
  slotSubject,
  usageSubject,
} from './subjects.js';

/** One kind of message on the bus, for the documentation and for permissions. */
export interface SubjectUse {
  /** `<word>` stands for one token. */
  readonly pattern: string;
  readonly carries: string;
  readonly publishedBy: string;
  readonly subscribedBy: string;
}

const FLEET = { region: '<region>', fleet: '<fleet>' };
const SLOT = { region: '<region>', agent: '<agent>', slot: '<slot>' };
const NAMED = { region: '<region>', name: '<name>' };

/** Every subject there is, who speaks on it and who listens. */
export const SUBJECTS: readonly SubjectUse[] = [
  {
    pattern: slotSubject(SLOT),
    carries: "the slot's history: one CloudEvents document per event (JetStream)",
    publishedBy: 'allocators, each append a compare-and-set',
    subscribedBy: 'allocators and gateways (ordered consumers)',
  },
  {
    pattern: liveSubject(slotSubject(SLOT)),
    carries: 'the same documents, as they are stored',
    publishedBy: 'the stream (republish)',
    subscribedBy: "agents (their own slots'), gateways, dashboards",
  },
  {
    pattern: allocateSubject(SLOT.region),
    carries: 'a request for a server, and its answer',
    publishedBy: 'clients, gateways (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: requestSubject(SLOT.region),
    carries: 'a request that is served when it can be; its requester need not wait (JetStream)',
    publishedBy: 'clients, gateways',
    subscribedBy: 'allocators (shared consumer of the work queue)',
  },
  {
    pattern: `result.${SLOT.region}.<id>`,
    carries:
      'what became of a published request, by its id in base64url (JetStream, one day); by ' +
      '`asked <id>`, what was asked for by who will look for it',
    publishedBy: 'allocators; gateways what was asked for',
    subscribedBy: 'clients, gateways',
  },
  {
    pattern: `refusal.${SLOT.region}.<id>`,
    carries: 'who asked for what and was not served, and why (JetStream, one day)',
    publishedBy: 'allocators',
    subscribedBy: 'operators',
  },
  {
    pattern: `setaside.${SLOT.region}.<instant>`,
    carries: 'a published request that cannot be served at all, and why (JetStream, one day)',
    publishedBy: 'allocators',
    subscribedBy: 'operators',
  },
  {
    pattern: cancelSubject(SLOT.region),
    carries: 'that a request which waits is not wanted any more; no answer',
    publishedBy: 'clients, gateways',
    subscribedBy: 'every allocator of the region',
  },
  {
    pattern: deallocateSubject(SLOT.region),
    carries: 'a request to end an allocation, and its answer',
    publishedBy: 'clients, gateways (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: operateSubject(SLOT.region),
    carries: 'what an operator asks of a slot or of all slots of an agent, and what came of it',
    publishedBy: 'clients, gateways, registrars (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: fleetSubject(FLEET),
    carries: "the history of a fleet's size: one CloudEvents document per event (JetStream)",
    publishedBy: 'allocators, each append a compare-and-set',
    subscribedBy: 'nobody; allocators read the present',
  },
  {
    pattern: liveSubject(fleetSubject(FLEET)),
    carries: 'the same documents, as they are stored',
    publishedBy: 'the stream (republish)',
    subscribedBy: 'every allocator of the region',
  },
  {
    pattern: sizeSubject(FLEET.region),
    carries: 'the size that an operator wants of a fleet, and what came of it',
    publishedBy: 'gateways (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: listFleetsSubject(FLEET.region),
    carries: 'a question for the fleets of the region, with their sizes and slots',
    publishedBy: 'gateways (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: configurationSubject(NAMED),
    carries: 'the history of a build configuration: one CloudEvents document per event (JetStream)',
    publishedBy: 'allocators, each append a compare-and-set',
    subscribedBy: 'nobody; allocators and agents read the present',
  },
  {
    pattern: buildSubject(NAMED),
    carries: 'the history of a build: one CloudEvents document per event (JetStream)',
    publishedBy: 'allocators, each append a compare-and-set',
    subscribedBy: 'nobody; allocators and agents read the present',
  },
  {
    pattern: liveSubject(configurationSubject(NAMED)),
    carries: 'the same documents, as they are stored',
    publishedBy: 'the stream (republish)',
    subscribedBy: 'every allocator and agent of the region',
  },
  {
    pattern: liveSubject(buildSubject(NAMED)),
    carries: 'the same documents, as they are stored',
    publishedBy: 'the stream (republish)',
    subscribedBy: 'every allocator and agent of the region',
  },
  {
    pattern: configureSubject(NAMED.region),
    carries: 'a build configuration that is to be set or removed, and what came of it',
    publishedBy: 'gateways, `berth` (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: listConfigurationsSubject(NAMED.region),
    carries: 'a question for the build configurations of the region, or for one of them',
    publishedBy: 'gateways, `berth` (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: changeBuildSubject(NAMED.region),
    carries: 'a build whose files are stored, or a version to be removed, and what came of it',
    publishedBy: 'gateways, `berth` (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: listBuildsSubject(NAMED.region),
    carries: 'a question for the builds of the region, or for one of them',
    publishedBy: 'gateways, `berth` (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: configureFleetSubject(FLEET.region),
    carries: "the build configuration that a fleet's free slots are to run, and what came of it",
    publishedBy: 'gateways, `berth` (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: registerSubject(SLOT.region),
    carries: 'a server that registers itself, with its callback, and what came of it',
    publishedBy: 'gateways (request)',
    subscribedBy: "the region's registrar (reply)",
  },
  {
    pattern: keepAliveSubject(SLOT.region),
    carries: "a registered server's sign of life; never in the log",
    publishedBy: 'gateways (request)',
    subscribedBy: "the region's registrar (reply)",
  },
  {
    pattern: deregisterSubject(SLOT.region),
    carries: 'that a registered server ends, and what came of it',
    publishedBy: 'gateways (request)',
    subscribedBy: "the region's registrar (reply)",
  },
  {
    pattern: '$SRV.<verb>',
    carries: 'discovery and statistics of services, as of NATS ADR-32; also by name, and by id',
    publishedBy: 'operators, dashboards (request)',
    subscribedBy: 'allocators',
  },
  {
    pattern: beatSubject(SLOT.region, SLOT.agent),
    carries: "an agent's sign of life, once a second; never in the log",
    publishedBy: 'agents',
    subscribedBy: 'every allocator of the region',
  },
  {
    pattern: logsSubject(SLOT),
    carries: "a question for what a slot's games have written, and the answer; never in the log",
    publishedBy: 'operators (request)',
    subscribedBy: 'the agent of the slot (reply)',
  },
  {
    pattern: outputSubject(SLOT),
    carries: "what a slot's games write, while somebody follows; never in the log",
    publishedBy: 'agents',
    subscribedBy: 'operators',
  },
  {
    pattern: usageSubject(SLOT.region, SLOT.agent),
    carries: 'a question for processors, memory, threads and files in use, and the answer',
    publishedBy: 'gateways (request)',
    subscribedBy: 'the agent (reply)',
  },
  {
    pattern: reportSubject(SLOT, '<allocator>'),
    carries: 'all an agent sees of a slot, to the allocator that claimed it',
    publishedBy: 'agents',
    subscribedBy: 'that allocator',
  },
  {
    pattern: reportSubject(SLOT),
    carries: 'all an agent sees of a slot, again until the log shows it',
    publishedBy: 'agents',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\``,
  },
];
