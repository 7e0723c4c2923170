/** What was measured of one span of time. */
export interface Sample {
  /** Since the start of the run (s), at the end of the span. */
  readonly seconds: number;
  /** Allocations since the start of the run, at the end of the span. */
  readonly allocations: number;
  readonly errors: number;
  readonly perSecond: number;
  /** Latencies within the span (ms). */
  readonly p50: number;
  readonly p99: number;
  /** Memory of each process at the end of the span (MiB), by its name and what is counted. */
  readonly memory: Readonly<Record<string, number>>;
}

/** One figure at the beginning and at the end of a run. */
export interface Course {
  readonly name: string;
  readonly unit: 'ms' | 'MiB';
  /** Median of the first quarter after the warm-up. */
  readonly first: number;
  /** Median of the last quarter. */
  readonly last: number;
  readonly isLevel: boolean;
}

/** The part of the run (by allocations) during which memory and compiled code still settle. */
const WARM_UP = 0.2;
/** What counts as level: at most so much more at the end, and for memory so many MiB. */
const MORE_MAX = { ms: 1.25, MiB: 1.05 } as const;
const MIB_MORE_MAX = 10;

/** How each figure went from the first quarter after the warm-up to the last. Needs eight samples. */
export function coursesOf(samples: readonly Sample[]): readonly Course[] {
  const total = samples.at(-1)?.allocations ?? 0;
  const settled = samples.filter(({ allocations }) => allocations > WARM_UP * total);
  const quarter = Math.floor(settled.length / 4);
  if (quarter < 1) return [];
  const course = (name: string, unit: Course['unit'], read: (sample: Sample) => number): Course => {
    const first = medianOf(settled.slice(0, quarter).map(read));
    const last = medianOf(settled.slice(-quarter).map(read));
    const isLittle = unit === 'MiB' && last - first <= MIB_MORE_MAX;
    return { name, unit, first, last, isLevel: isLittle || last <= MORE_MAX[unit] * first };
  };
  const names = Object.keys(settled.at(-1)?.memory ?? {});
  return [
    course('p99', 'ms', ({ p99 }) => p99),
    ...names.map((name) => course(name, 'MiB', ({ memory }) => memory[name] ?? NaN)),
  ];
}

export function sayCourse({ name, unit, first, last, isLevel }: Course): string {
  const change = last - first;
  const by = `${change < 0 ? '' : '+'}${change.toFixed(1)} ${unit}`;
  const course = `${first.toFixed(1)} → ${last.toFixed(1)} ${unit}`;
  return `${name}: ${isLevel ? 'level' : 'GROWING'}, ${course} (${by})`;
}

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
