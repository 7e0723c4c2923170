import { z } from 'zod';

/** A description of a setting for people. */
export interface SettingDescription {
  readonly name: string;
  /** The values that it may have: "whole number, 1 to 1000", "`keep` or `end`". */
  readonly value: string;
  /** The default as it would be written; null if there is none. */
  readonly byDefault: string | null;
  /** Whether the service does not start without it. */
  readonly isRequired: boolean;
  readonly meaning: string;
}

/** Those parts of Zod's JSON schema that the description uses. */
const written = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.union([z.string(), z.number()]).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Written = z.output<typeof written>;

/** The unit of a number, by the end of the setting's name. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/_MS$/, 'milliseconds'],
  [/_S$/, 'seconds'],
  [/_HOURS$/, 'hours'],
  [/_DAYS$/, 'days'],
  [/_BYTES(_MAX)?$/, 'bytes'],
];

/** Describes a service's settings, in the order of its schema. */
export function describeSettings(
  shape: Readonly<Record<string, z.ZodType>>,
): readonly SettingDescription[] {
  return Object.entries(shape).map(([name, schema]) => {
    const json = written.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    return {
      name,
      value: valueOf(name, json),
      byDefault: json.default === undefined ? null : String(json.default),
      isRequired: !schema.safeParse(undefined).success,
      meaning: json.description ?? '',
    };
  });
}

function valueOf(name: string, json: Written): string {
  if (json.title !== undefined) return json.title;
  if (json.enum !== undefined) return choiceOf(json.enum.map((word) => `\`${word}\``));
  if (json.type !== 'integer' && json.type !== 'number') return 'text';
  const unit = UNITS.find(([ending]) => ending.test(name))?.[1];
  const kind = json.type === 'integer' ? 'whole number' : 'number';
  return [unit ?? kind, boundsOf(json)].filter((word) => word !== '').join(', ');
}

/** "a, b or c" */
function choiceOf(words: readonly string[]): string {
  const [last = '', ...others] = words.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} or ${last}`;
}

function boundsOf({ minimum, exclusiveMinimum, maximum }: Written): string {
  const max = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined && max !== undefined) return `${minimum} to ${max}`;
  if (exclusiveMinimum !== undefined) return `above ${exclusiveMinimum}`;
  if (minimum !== undefined) return `${minimum} or more`;
  return max === undefined ? '' : `at most ${max}`;
}
