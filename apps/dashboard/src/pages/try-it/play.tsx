import { Copy } from '../../parts/copy.js';

/** How to play on the server that was granted. */
export function Play({ answer }: { readonly answer: object }) {
  const address = 'address' in answer ? String(answer.address) : '';
  const colon = address.lastIndexOf(':');
  if (colon < 0) return null;
  const [host, port] = [address.slice(0, colon), address.slice(colon + 1)];
  const command = `nc ${host.replace(/^\[|\]$/g, '')} ${port}`;
  return (
    <>
      <h2>Play</h2>
      <p>
        Players connect to <code>{address}</code>. The sample game speaks lines over TCP:{' '}
        <code>{command}</code> <Copy text={command} />
      </p>
    </>
  );
}
