import { JsonText, textAt } from '#json';
import { refusal, type Refusal } from '#kernel';

/** Most actions in one template, which limits how much larger than its payload a file can be. */
export const TEMPLATE_ACTIONS_MAX = 64;

/** The values that a template may use. */
export interface TemplateValues {
  readonly payload: JsonText;
  readonly token: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Literal text, or the value at a path. */
type Part = string | { readonly path: readonly string[]; readonly asJson: boolean };

/** A parsed template. */
export type PayloadTemplate = readonly Part[];

const OPEN = '{{';
const CLOSE = '}}';
const ACTION = /^\s*(?:(toJSON)\s+)?((?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*$/;
const KNOWN =
  '{{ .token }}, {{ .payload }}, {{ .payload.name }}, {{ .env.NAME }} and {{ toJSON .payload }}';

/**
 * Parses the part of Go's templates that payload files use: values by their paths, and `toJSON` of
 * a value. Refuses everything else, so that every parsed template can be filled in.
 */
export function readTemplate(text: string): PayloadTemplate | Refusal {
  const parts: Part[] = [];
  let at = 0;
  for (let opened = text.indexOf(OPEN); opened >= 0; opened = text.indexOf(OPEN, at)) {
    const closed = text.indexOf(CLOSE, opened + OPEN.length);
    if (closed < 0) return refused(`${shown(text.slice(opened))} is not closed by }}`);
    const part = actionOf(text.slice(opened + OPEN.length, closed));
    if ('code' in part) return part;
    parts.push(text.slice(at, opened), { ...part });
    if (parts.length > 2 * TEMPLATE_ACTIONS_MAX) {
      return refused(`it has more than ${TEMPLATE_ACTIONS_MAX} {{ }}`);
    }
    at = closed + CLOSE.length;
  }
  return [...parts, text.slice(at)];
}

/**
 * The text with all values filled in. Strings are written as they are, other values as JSON. A path
 * without a value is written as nothing, and as `null` by `toJSON`.
 */
export function fillTemplate(template: PayloadTemplate, values: TemplateValues): string {
  return template
    .map((part) => {
      if (typeof part === 'string') return part;
      const found = valueAt(part.path, values) ?? JsonText.null;
      return part.asJson ? found.text : asWords(found);
    })
    .join('');
}

function actionOf(text: string): Exclude<Part, string> | Refusal {
  const [, toJson, words] = ACTION.exec(text) ?? [];
  if (words === undefined) return refused(`${shown(OPEN + text + CLOSE)} is not known here`);
  const path = words.slice(1).split('.');
  const [first] = path;
  const isKnown =
    first === 'payload' ||
    (first === 'token' && path.length === 1) ||
    (first === 'env' && path.length === 2);
  if (!isKnown) return refused(`there is no ${shown(words)}`);
  return { path, asJson: toJson !== undefined };
}

function valueAt([first, ...path]: readonly string[], values: TemplateValues) {
  if (first === 'payload') return textAt(values.payload, path);
  return textAt(JsonText.of(first === 'token' ? values.token : values.env), path);
}

/** A string as it is, nothing for `null`, anything else as JSON. */
function asWords(found: JsonText): string {
  if (found.text === 'null') return '';
  const value = found.text.startsWith('"') ? found.value() : found.text;
  return String(value);
}

function refused(what: string): Refusal {
  return refusal('unknown-template', `${what}; a template may hold ${KNOWN}`);
}

function shown(text: string): string {
  const limit = 60;
  return text.length <= limit ? text : `${text.slice(0, limit)}...`;
}
