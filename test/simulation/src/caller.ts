import { BerthClient } from '#client';
import type { Bus } from '#kernel';
import { BusPort } from './bus-port.js';
import { Life } from './life.js';
import { MachineClock } from './machine-clock.js';
import { OutcomesPort, QueuePort } from './queue-ports.js';
import { chanceOf } from './seeds.js';
import type { World } from './world.js';

/** A process of a user of Berth, with the real client. It dies only if the schedule says so. */
export function callerOf(
  world: World,
  name: string,
): { life: Life; bus: Bus; client: BerthClient } {
  const { schedule, timeline } = world;
  const latency = chanceOf(schedule.seed, name, 'latency');
  const life = new Life(
    name,
    timeline,
    latency,
    () => 'unharmed',
    () => undefined,
  );
  const clock = new MachineClock(timeline, life, 0);
  const random = chanceOf(schedule.seed, name, 'draws');
  const bus = new BusPort(world, life);
  const queueOf = () => new QueuePort(world, life);
  const outcomesOf = () => new OutcomesPort(world, life);
  return { life, bus, client: new BerthClient(bus, { clock, random, queueOf, outcomesOf }) };
}
