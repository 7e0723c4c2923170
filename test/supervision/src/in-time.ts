/**
 * Awaits something that must not take longer than `ms`; a spec that is late then says what it
 * waited for.
 *
 * @param seen what is there instead, for the message
 */
export async function inTime<T>(
  what: string,
  waited: Promise<T>,
  ms: number,
  seen: () => string = () => '',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what}: not within ${ms / 1_000} s. ${seen()}`.trimEnd()));
    }, ms);
  });
  try {
    return await Promise.race([waited, late]);
  } finally {
    clearTimeout(timer);
  }
}
