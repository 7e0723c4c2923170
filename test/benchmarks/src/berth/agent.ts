import { JsonText } from '#json';
/**
 * An agent without games, in its own process, like the agent of the bare flow: it acknowledges
 * every callback at once, and ends every session as soon as it is live.
 */
import type { Offer, SessionReport, SlotReport, SlotState } from '#slot';
import {
  endpoints,
  reportSubject,
  BEAT_MS,
  encodeJson,
  liveSubject,
  slotRecordCodec,
  slotsSubject,
  storedSubject,
  type ReportMessage,
  type SlotRecord,
} from '#wire';
import { connectNats, NatsBus, type NatsLogin } from '#jetstream';
import { ask } from '#rpc';
import { RepublishHeaders } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import { slotCount } from '../target.js';
import { runAsWorker } from '../worker.js';
import { agent } from './setting.js';

/** How often slots that the log does not show yet are reported again (ms). */
const AGAIN_MS = 500;

const RUNNING = {
  incarnation: 1,
  process: { pid: 1, startedAt: 1, buildConfiguration: 'bench', version: 0 },
  remark: '',
  heldUntil: null,
  failure: null,
};

interface Setting {
  readonly natsUrl: string;
  readonly region: string;
  readonly login?: NatsLogin;
}

await runAsWorker(async ({ natsUrl, region, login }: Setting) => {
  const connection = await connectNats({ servers: natsUrl, name: 'bench', login });
  const bus = new NatsBus(connection);
  const unregistered = new Set(Array.from({ length: slotCount }, (_, index) => String(index)));
  let registered: () => void = () => undefined;
  const allRegistered = new Promise<void>((resolve) => (registered = resolve));
  connection.subscribe(liveSubject(slotsSubject(region, agent)), { callback: follow });
  await connection.flush();
  beat();
  setInterval(beat, BEAT_MS).unref();
  register();
  const again = setInterval(register, AGAIN_MS);
  await allRegistered;
  clearInterval(again);
  return { ready: true };

  function beat(): void {
    if (connection.isClosed()) return;
    connection.publish(
      endpoints.beat.subject.of({ region, agent }),
      encodeJson({ incarnation: RUNNING.incarnation }),
    );
  }

  function register(): void {
    for (const slot of unregistered) send(slot, 0, 0, null);
  }

  function follow(_: unknown, message: Msg): void {
    const subject = storedSubject(message.subject);
    const slot = subject.slice(subject.lastIndexOf('.') + 1);
    if (unregistered.delete(slot) && unregistered.size === 0) registered();
    const { event, state } = slotRecordCodec.decode(subject, message.data) satisfies SlotRecord;
    const seen = Number(message.headers?.get(RepublishHeaders.Sequence));
    answer(slot, seen, event.type, state);
  }

  function answer(slot: string, seen: number, type: string, { context }: SlotState): void {
    const { fence, allocation } = context;
    const allocator = allocation?.allocator;
    const callback = {
      outcome: 'acked',
      answer: JsonText.of({ map: 'harbour' }),
      token: 'token',
    } as const;
    const session = { fence, callback, players: null, exit: null, crashes: 0 };
    const exit = { exitCode: 0, signal: null };
    if (type === 'AllocationRequested') {
      void readPayload(slot, allocation).then(() =>
        send(slot, seen, fence - 1, session, allocator),
      );
    }
    if (type === 'CallbackAcked') {
      send(slot, seen, fence - 1, { ...session, exit, cleared: true }, allocator);
    }
  }

  /** As an agent with games, which has to know what to tell them. */
  async function readPayload(slot: string, allocation: SlotState['context']['allocation']) {
    if (allocation?.payloadKey === undefined) return;
    const { payloadKey, payload } = allocation;
    const texts = [{ payloadKey, text: String(payload.value()) }];
    await ask(bus, endpoints.decryptOwn, { region, agent, slot }, { texts });
  }

  function send(
    slot: string,
    seen: number,
    clearedFence: number,
    session: SessionReport | null,
    allocator?: string,
  ): void {
    // Like a real agent, repeats the offer until the log shows it.
    const offer = seen === 0 ? { offer: offerOf(slot) } : {};
    const report: SlotReport = { ...offer, ...RUNNING, session, clearedFence };
    const message: ReportMessage = { seen, report };
    bus.publish(reportSubject({ region, agent, slot }, allocator), encodeJson(message));
  }
});

function offerOf(slot: string): Offer {
  const port = 7_000 + Number(slot);
  return {
    fleet: 'bench',
    buildConfiguration: 'bench',
    attributes: {},
    requiredAttributes: [],
    priority: 0,
    address: `127.0.0.1:${port}`,
    ip: '127.0.0.1',
    ports: { game: port },
    limits: {
      callbackMs: 10_000,
      coldStartMs: 10_000,
      idleMs: 3_600_000,
      sessionMs: null,
      restartsMax: 0,
    },
    runsAny: false,
  };
}
