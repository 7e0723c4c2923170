interface Welcome {
  readonly api: string;
  readonly natsUrl: string;
  readonly slots: number;
  readonly region: string;
  readonly data: string;
}

/** A text with commands to try next. */
export function welcome({ api, natsUrl, slots, region, data }: Welcome): string {
  const body = JSON.stringify({ region, attributes: {}, payload: { mode: 'ctf' } });
  return `
Berth is ready: ${slots} slots of the sample game in region ${region}.

  dashboard   ${api}/
  ask         curl -s -X POST ${api}/allocate \\
                -H 'content-type: application/json' \\
                -d '${body}'
  over NATS   nats --server ${natsUrl} request allocate.${region} \\
                '{"payload":{"mode":"ctf"}}'
  play        nc HOST PORT   (from the answer; "end" ends the session)
  all slots   curl -s ${api}/v1/slots
  a history   curl -s ${api}/v1/slots/ID/events

HTTP ${api}   NATS ${natsUrl}
data and logs ${data}   Ctrl-C stops everything
`;
}
