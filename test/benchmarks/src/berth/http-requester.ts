import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { OpenRequester } from '../target.js';
import { region } from './setting.js';

const CREATED = 201;

/** Uses connections that stay open, as a matchmaker's HTTP client does. */
export const open: OpenRequester<{ readonly httpPort: number }> = ({ httpPort: port }) => {
  const agent = new Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/json' };
  const options = { port, agent, headers, method: 'POST', path: '/v1/allocations' };
  return Promise.resolve({
    async allocate(allocationId) {
      try {
        const asked = request({ host: '127.0.0.1', ...options });
        const payload = { mode: 'duel', map: 'harbour' };
        asked.end(JSON.stringify({ allocationId, region, payload }));
        const [answer] = (await once(asked, 'response')) as [IncomingMessage];
        answer.resume();
        await once(answer, 'end');
        return answer.statusCode === CREATED;
      } catch {
        return false;
      }
    },
    close: () => Promise.resolve(agent.destroy()),
  });
};
