import { hasToken } from '../../api.js';

/** A request as it is typed elsewhere: each runs as it is pasted. */
export function snippetsOf(request: { readonly region: string }) {
  const body = JSON.stringify(request);
  const quoted = `'${body.replaceAll("'", `'\\''`)}'`;
  const token = hasToken();
  const header = token ? ' -H "authorization: Bearer $BERTH_TOKEN"' : '';
  return {
    curl: `curl -X POST ${location.origin}/v1/allocations${header} -H 'content-type: application/json' -d ${quoted}`,
    nats: `nats request allocate.${request.region} ${quoted}`,
    TypeScript: `import { connectBerth } from '@berth/client';

const berth = await connectBerth({ url: '${location.origin}'${token ? ", token: process.env['BERTH_TOKEN']!" : ''} });
console.log(await berth.allocate(${JSON.stringify(request, null, 2)}));
await berth.close();
`,
  };
}
