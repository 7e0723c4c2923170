import { Unparsable } from '#kernel';

type NameIn<Template extends string> = Template extends `${string}<${infer Name}>${infer Rest}`
  ? Name | NameIn<Rest>
  : never;

/** The tokens that a template names: `slot.<region>.<agent>.<slot>` has region, agent and slot. */
export type Tokens<Template extends string> = { readonly [Name in NameIn<Template>]: string };

/** The text of one token; NATS reserves dots, `*`, `>` and white space. */
const TOKEN_TEXT = /^[^\s.*>]+$/;

const NAMED = /^<(\w+)>$/;

interface Part {
  readonly text: string;
  /** Undefined if the part is literal text. */
  readonly name: string | undefined;
}

/** A kind of subject, written once: it builds subjects and filters, and parses them. */
export class SubjectTemplate<const Template extends string = string> {
  /** The literal first token, like `slot`; empty if the first token is a name. */
  readonly kind: string;
  private readonly parts: readonly Part[];

  constructor(readonly text: Template) {
    this.parts = text.split('.').map((part) => ({ text: part, name: NAMED.exec(part)?.[1] }));
    const [first] = this.parts;
    this.kind = first?.name === undefined ? (first?.text ?? '') : '';
  }

  /** The names of its tokens, in their order. */
  get names(): readonly string[] {
    return this.parts.flatMap(({ name }) => (name === undefined ? [] : [name]));
  }

  /** One subject. Throws `Unparsable` for a token that a subject cannot hold. */
  of(tokens: Tokens<Template>): string {
    return this.join(tokens, (name) => {
      throw new Unparsable(`${this.text} needs its ${name}`);
    });
  }

  /** A filter for every subject with these tokens; tokens left out match anything. */
  filter(tokens: Partial<Tokens<Template>> = {}): string {
    return this.join(tokens, () => '*');
  }

  /** A filter for everything of this kind in a region, with any number of tokens: `slot.eu.>`. */
  below(region: string): string {
    if (!TOKEN_TEXT.test(region)) throw new Unparsable(`"${region}" cannot be a region`);
    return `${this.kind}.${region}.>`;
  }

  /** Undefined if the subject is of another kind. */
  match(subject: string): Tokens<Template> | undefined {
    if (!subject.startsWith(this.kind)) return undefined;
    const tokens: Record<string, string> = {};
    let rest = this.parts.length;
    let from = 0;
    for (const { text, name } of this.parts) {
      const dot = subject.indexOf('.', from);
      rest -= 1;
      if (dot < 0 !== (rest === 0)) return undefined;
      const token = subject.slice(from, dot < 0 ? undefined : dot);
      if (name === undefined ? token !== text : token === '') return undefined;
      if (name !== undefined) tokens[name] = token;
      from = dot + 1;
    }
    return tokens as Tokens<Template>;
  }

  /** Throws `Unparsable` if the subject is of another kind. */
  parse(subject: string): Tokens<Template> {
    const tokens = this.match(subject);
    if (tokens !== undefined) return tokens;
    throw new Unparsable(`"${subject}" is not a subject like ${this.text}`);
  }

  private join(tokens: Partial<Tokens<Template>>, missing: (name: string) => string): string {
    const texts = this.parts.map(({ text, name }) => {
      if (name === undefined) return text;
      const token = (tokens as Readonly<Record<string, string>>)[name];
      if (token === undefined) return missing(name);
      if (TOKEN_TEXT.test(token)) return token;
      throw new Unparsable(`"${token}" cannot stand for <${name}> in ${this.text}`);
    });
    return texts.join('.');
  }
}
