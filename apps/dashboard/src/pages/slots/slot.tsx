import { slots } from '../../live.js';
import { Directions } from './directions.js';
import { Life } from './life.js';
import { Output } from './output.js';
import { SlotFacts } from './slot-facts.js';
import { Usage } from './usage.js';

/** One slot: its state, what can be done with it, what its game writes, and its history. */
export function SlotPage({ id }: { readonly id: string }) {
  const slot = slots.value.get(id);
  return (
    <>
      <h1>{id}</h1>
      {slot === undefined ? (
        <p>No slot of this id is known now; its history may be.</p>
      ) : (
        <>
          <SlotFacts slot={slot} />
          {slot.process !== null && !slot.agentLost && <Usage id={id} />}
          <Directions ids={[id]} />
          <Output id={id} />
        </>
      )}
      <Life id={id} />
    </>
  );
}
