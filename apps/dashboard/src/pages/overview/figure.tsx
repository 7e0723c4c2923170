interface FigureProps {
  readonly of: number | string;
  readonly says: string;
  /** Where its list is. */
  readonly to: string;
  /** The class whose colour it has. */
  readonly colour: string;
}

/** A number that leads to its list. */
export function Figure({ of, says, to, colour }: FigureProps) {
  return (
    <li>
      <a href={to} class={`state ${colour}`}>
        <strong>{of}</strong> {says}
      </a>
    </li>
  );
}
