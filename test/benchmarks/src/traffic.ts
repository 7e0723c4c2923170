import { setTimeout as sleep } from 'node:timers/promises';

/** What nats-server has moved and stored since it started. */
export interface Traffic {
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Number of messages ever stored, in all streams. */
  readonly stored: number;
}

/** Beats never stop; work has ended when at most this many messages come between two looks. */
const QUIET_MESSAGES = 3;
const LOOK_MS = 100;
const QUIET_WITHIN_MS = 10_000;

interface Stream {
  readonly state: { readonly last_seq: number };
}

/** @param monitorUrl URL of the server's HTTP monitoring port */
async function trafficOf(monitorUrl: string): Promise<Traffic> {
  const read = async (path: string): Promise<unknown> =>
    (await fetch(`${monitorUrl}/${path}`)).json();
  const [varz, jsz] = (await Promise.all([read('varz'), read('jsz?streams=1')])) as [
    { in_msgs: number; out_msgs: number; in_bytes: number; out_bytes: number },
    { account_details?: { stream_detail?: readonly Stream[] }[] },
  ];
  const streams = (jsz.account_details ?? []).flatMap((one) => one.stream_detail ?? []);
  return {
    messagesIn: varz.in_msgs,
    messagesOut: varz.out_msgs,
    bytesIn: varz.in_bytes,
    bytesOut: varz.out_bytes,
    stored: streams.reduce((sum, { state }) => sum + state.last_seq, 0),
  };
}

/** Waits until sessions have ended and no work is left; then returns what was moved. */
export async function quietTraffic(monitorUrl: string): Promise<Traffic> {
  let before = await trafficOf(monitorUrl);
  for (let waited = 0; waited < QUIET_WITHIN_MS; waited += LOOK_MS) {
    await sleep(LOOK_MS);
    const now = await trafficOf(monitorUrl);
    if (now.messagesIn - before.messagesIn <= QUIET_MESSAGES) return now;
    before = now;
  }
  return before;
}

/** The traffic per allocation. */
export function perAllocation(from: Traffic, to: Traffic, count: number): Traffic {
  const each = (key: keyof Traffic): number => (to[key] - from[key]) / count;
  return {
    messagesIn: each('messagesIn'),
    messagesOut: each('messagesOut'),
    bytesIn: each('bytesIn'),
    bytesOut: each('bytesOut'),
    stored: each('stored'),
  };
}
