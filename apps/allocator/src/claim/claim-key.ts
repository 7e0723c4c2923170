/**
 * The de-duplication id under which the log stores one claim for an id, after so many failures that
 * it tells of.
 */
export function claimKey(allocationId: string, failures: number): string {
  return failures === 0 ? allocationId : `${allocationId}.${failures}`;
}
