import { queryOf, send } from '../../api.js';
import { ReasonForm, type Why } from '../../parts/reason-form.js';
import type { Configuration } from '../../types.js';

interface EditorProps {
  readonly of: Configuration;
  readonly path: string;
  readonly act: (doing: Promise<string>) => void;
}

/** What is offered where nothing is set yet. */
const EXAMPLE = { executable: 'server', arguments: ['-port', '$$port$$'] };

/** Sets a build configuration, or removes it, if nobody else has changed it meanwhile. */
export function ConfigurationEditor({ of, path, act }: EditorProps) {
  const isNew = of.configuration === null;
  // The revision of one that was removed is not shown.
  const headers: Record<string, string> = isNew ? {} : { 'if-match': `"${of.revision}"` };
  const set = async (text: string, why: Why) => {
    const body = { configuration: parsed(text), ...why };
    const { version } = await send<Configuration>('PUT', path, body, headers);
    return `set: version ${version}`;
  };
  const remove = async (why: Why) => {
    await send('DELETE', `${path}?${queryOf({ ...why })}`, undefined, headers);
    return 'removed';
  };
  return (
    <details open={isNew}>
      <summary>{isNew ? 'Set it' : 'Change it'}</summary>
      <ReasonForm
        buttons={
          <>
            <button>Set it</button>
            {!isNew && (
              <button name="action" value="remove">
                Remove it
              </button>
            )}
          </>
        }
        submit={(why, field) =>
          act(field('action') === 'remove' ? remove(why) : set(field('configuration'), why))
        }
      >
        <label class="wide">
          Build configuration, as JSON
          <textarea
            name="configuration"
            rows={16}
            spellcheck={false}
            defaultValue={JSON.stringify(of.configuration ?? EXAMPLE, null, 2)}
          />
        </label>
      </ReasonForm>
    </details>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`this is not JSON: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
}
