interface CountProps {
  readonly name: string;
  readonly title: string;
  readonly value: number;
  readonly min?: number;
}

/** A field for a number of things. */
export function Count({ name, title, value, min = 0 }: CountProps) {
  return (
    <label>
      {title} <input name={name} type="number" min={min} required defaultValue={String(value)} />
    </label>
  );
}
