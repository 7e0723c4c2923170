/**
 * The de-duplication id for the next claim of an allocation id, which depends on the number of
 * failures in the log: the log stores only one claim for each.
 */
export function claimKey(allocationId: string, failures: number): string {
  return failures === 0 ? allocationId : `${allocationId}.${failures}`;
}
