/** The same request as commands: with its id, it is answered as it was before. */
export function AskAgain({ id, region }: { readonly id: string; readonly region: string }) {
  const body = JSON.stringify({ region, allocationId: id });
  const quoted = `'${body.replaceAll("'", `'\\''`)}'`;
  const snippets = {
    curl: `curl -X POST ${location.origin}/v1/allocations -H 'content-type: application/json' -d ${quoted}`,
    nats: `nats request allocate.${region} ${quoted}`,
    TypeScript: `await berth.allocate(${body});`,
  };
  return (
    <details>
      <summary>Ask for it again</summary>
      {Object.entries(snippets).map(([name, text]) => (
        <>
          <h2>{name}</h2>
          <pre tabIndex={0}>{text}</pre>
        </>
      ))}
    </details>
  );
}
