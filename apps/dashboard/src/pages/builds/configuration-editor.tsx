import { send } from '../../api.js';
import { textOf } from '../../form.js';
import { Reason } from '../../parts/reason.js';
import type { Configuration } from '../../types.js';

interface EditorProps {
  readonly of: Configuration;
  readonly path: string;
  readonly act: (doing: Promise<string>) => void;
}

/** Sets a build configuration, or removes it, if nobody else has changed it meanwhile. */
export function ConfigurationEditor({ of, path, act }: EditorProps) {
  const headers = { 'if-match': `"${of.revision}"` };
  const set = async (text: string, reason: string) => {
    const configuration = parsed(text);
    const body = { configuration, reason, by: 'dashboard' };
    const { version } = await send<Configuration>('PUT', path, body, headers);
    return `set: version ${version}`;
  };
  const remove = async (reason: string) => {
    const why = new URLSearchParams({ reason, by: 'dashboard' }).toString();
    await send('DELETE', `${path}?${why}`, undefined, headers);
    return 'removed';
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const reason = textOf(event, 'reason');
    const isRemoval = textOf(event, 'action') === 'remove';
    act(isRemoval ? remove(reason) : set(textOf(event, 'configuration'), reason));
  };
  return (
    <details>
      <summary>Change it</summary>
      <form class="panel" onSubmit={submit}>
        <label class="wide">
          Build configuration, as JSON
          <textarea
            name="configuration"
            rows={16}
            spellcheck={false}
            defaultValue={JSON.stringify(of.configuration ?? {}, null, 2)}
          />
        </label>
        <Reason />
        <button>Set it</button>
        <button name="action" value="remove">
          Remove it
        </button>
      </form>
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
