import { BerthClient } from '#client';
import { BusPort } from './bus-port.js';
import { Life } from './life.js';
import { MachineClock } from './machine-clock.js';
import { chanceOf } from './seeds.js';
import type { World } from './world.js';

/** A process of somebody who uses Berth, with the real client. It dies only where it wants to. */
export function callerOf(world: World, name: string): { life: Life; client: BerthClient } {
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
  const chance = chanceOf(schedule.seed, name, 'draws');
  return { life, client: new BerthClient(new BusPort(world, life), { clock, chance }) };
}
