import { jsonText, type JsonText } from '#json';
import { allocated, allocationRequest, deregistered, registered } from '#wire';
import { z } from 'zod';

const isObject = ({ text }: JsonText) => text.startsWith('{');

/** A request to GameFabric's allocator; unknown fields are ignored. */
export const gameFabricRequest = z
  .object({
    region: allocationRequest.shape.region,
    attributes: allocationRequest.shape.attributes,
    payload: jsonText.refine(isObject, 'must be an object').optional(),
  })
  .meta({
    id: 'GameFabricRequest',
    examples: [{ region: 'local', attributes: { env: 'prod' }, payload: { mode: 'ctf' } }],
  });
export type GameFabricRequest = z.output<typeof gameFabricRequest>;

const { address, ip, ports, token, payload } = allocated.shape;

/** The answer that GameFabric's published client reads. */
export const gameFabricAnswer = z
  .object({ address, ip, ports, token: token.optional(), payload: payload.optional() })
  .meta({ id: 'GameFabricAllocation' });

/** The answer to a registration or a keep-alive; the vendor never published its own. */
export const registeredAnswer = registered
  .omit({ status: true })
  .meta({ id: 'GameFabricRegistration' });

export const deregisteredAnswer = deregistered.omit({ status: true });
