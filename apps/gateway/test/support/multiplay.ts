import { guidOf, numberOf } from '#multiplay';
import { EndpointServer } from '#rpc';
import { createLogger } from '#service-runtime';
import { randomUUID } from 'node:crypto';
import { TestRegion } from '../../../allocator/test/support/region.js';
import { TestGateway } from './gateway.js';
import { NotServed, TestMatchmaker, type Wish } from './matchmaker.js';

export const FLEET = guidOf('fleet', 'harbour');
const PLACE = `projects/${randomUUID()}/environments/${randomUUID()}`;

/** The paths of allocations, by Multiplay's versions. */
export const SHAPES = [
  `/v1/allocations/${PLACE}/fleets/${FLEET}/allocations`,
  `/multiplay/v1/allocations/${PLACE}/fleets/${FLEET}/allocations`,
  `/v4/${PLACE}/fleets/${FLEET}/allocations`,
] as const;
export const [V1] = SHAPES;
export const TESTS = `/api/multiplay/allocations/v4/${PLACE}/fleets/${FLEET}/test-allocations`;

/** A region with an allocator and two slots, and gateways that serve Multiplay's matchmakers. */
export class TestMultiplay {
  readonly region = new TestRegion();
  private readonly gateways: TestGateway[] = [];

  static async start(): Promise<TestMultiplay> {
    const place = new TestMultiplay();
    const gateway = await place.startGateway();
    await place.region.startAllocator({ bus: gateway.bus });
    place.serveOn(gateway);
    await place.region.own('1', '2');
    return place;
  }

  /** The first gateway. */
  get gateway(): TestGateway {
    const [first] = this.gateways;
    if (first === undefined) throw new Error('no gateway was started');
    return first;
  }

  /** Starts a gateway on the region's log and queue. */
  async startGateway(
    settings: NodeJS.ProcessEnv = {},
    logger = createLogger('gateway', 'silent'),
  ): Promise<TestGateway> {
    const { clock, log, requests, outcomes } = this.region;
    const gateway = await TestGateway.start(
      { BERTH_REGIONS: 'eu', ...settings },
      {
        ...{ clock, logger, openLog: async () => log },
        ...{ queueOf: () => requests, outcomesOf: () => outcomes },
      },
    );
    this.gateways.push(gateway);
    this.serveOn(gateway);
    return gateway;
  }

  matchmaker(gateway = this.gateway, shape: string = V1): TestMatchmaker {
    return new TestMatchmaker(`${gateway.url}${shape}`, () => this.region.pass(50));
  }

  async close(): Promise<void> {
    this.region.close();
    for (const one of this.gateways.splice(0)) await one.close();
  }

  /** Lets the region's allocator, if one has started, answer a gateway's questions. */
  private serveOn({ bus }: TestGateway): void {
    const logger = createLogger('allocator', 'silent');
    const { allocators, clock } = this.region;
    allocators[0]?.serve(new EndpointServer(bus, { clock, logger }));
  }
}

export const wish = (change: Partial<Wish> = {}): Wish => ({
  allocationId: randomUUID(),
  buildConfigurationId: Number(numberOf('harbour-1')),
  regionId: guidOf('region', 'eu'),
  ...change,
});

/** How it was refused; throws if it was served. */
export async function refused(asked: Promise<unknown>): Promise<NotServed> {
  const outcome = await asked.then(
    (answer) => answer,
    (error: unknown) => error,
  );
  if (outcome instanceof NotServed) return outcome;
  throw new Error(`it was served: ${JSON.stringify(outcome)}`);
}
