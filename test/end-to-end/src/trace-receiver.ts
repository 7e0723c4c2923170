import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const attribute = z.object({
  key: z.string(),
  value: z.object({ stringValue: z.string().optional() }),
});

const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(attribute),
});

/** The parts of OTLP's JSON that tests look at. */
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

/** A span, with the service that it is of. */
export interface ReceivedSpan extends z.output<typeof span> {
  readonly service: string;
}

/** Takes traces by OTLP over HTTP, and writes each message into a file as one line. */
export class TraceReceiver {
  private constructor(
    private readonly server: Server,
    private readonly file: string,
  ) {}

  static async start(file: string): Promise<TraceReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        appendFileSync(file, `${Buffer.concat(chunks).toString('utf8')}\n`);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new TraceReceiver(server, file);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything received so far, as it was sent. */
  get text(): string {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
  }

  get spans(): readonly ReceivedSpan[] {
    const lines = this.text.split('\n').filter((line) => line !== '');
    return lines.flatMap((line) =>
      exported.parse(JSON.parse(line)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
        const named = resource.attributes.find(({ key }) => key === 'service.name');
        const service = named?.value.stringValue ?? '';
        return scopeSpans.flatMap(({ spans }) => spans.map((each) => ({ ...each, service })));
      }),
    );
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
