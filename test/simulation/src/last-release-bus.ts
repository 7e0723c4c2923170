import type { Bus, BusMessage } from '#kernel';

interface Reported {
  readonly report: {
    readonly offer?: unknown;
    readonly unlogged?: unknown;
    readonly session: { readonly cleared?: unknown } | null;
  };
}

/** The bus as version 0.2.0 uses it: it knows less of reports, and takes none without an offer. */
export function busOfLast(bus: Bus): Bus {
  const subscribe: Bus['subscribe'] = (subject, receive, options) => {
    if (!subject.startsWith('report')) return bus.subscribe(subject, receive, options);
    return bus.subscribe(subject, (message) => hear(message, receive), options);
  };
  const publish: Bus['publish'] = (subject, body) => {
    bus.publish(subject, subject.startsWith('report') ? known(body) : body);
  };
  return Object.create(bus, {
    subscribe: { value: subscribe },
    publish: { value: publish },
  }) as Bus;
}

/** A report without its offer is set aside. */
function hear(message: BusMessage, receive: (message: BusMessage) => void): void {
  const body = known(message.body);
  if ((JSON.parse(textOf(body)) as Reported).report.offer !== undefined)
    receive({ ...message, body });
}

/** The report without sessions that the log lost, and without an exit that is cleared already. */
function known(body: Uint8Array): Uint8Array {
  const message = JSON.parse(textOf(body)) as Reported;
  const { unlogged: _, session, ...report } = message.report;
  const { cleared: __, ...rest } = session ?? {};
  const told = { ...report, session: session && rest };
  return Buffer.from(JSON.stringify({ ...message, report: told }));
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body).toString();
}
