import { keepToken } from './api.js';
import { textOf } from './form.js';

/** Asks for an access token, which is kept until the tab is closed. */
export function TokenForm() {
  const keep = (event: SubmitEvent) => {
    event.preventDefault();
    keepToken(textOf(event, 'token'));
  };
  return (
    <form class="panel" onSubmit={keep}>
      <h1>An access token is needed</h1>
      <p>
        <code>berth tokens</code> makes one; scope <code>observe</code> shows slots,{' '}
        <code>audit</code> histories, <code>operate</code> drains and sizes, <code>deploy</code>{' '}
        changes what runs, <code>allocate</code> asks for servers. It is kept until this tab is
        closed.
      </p>
      <label>
        Token <input name="token" type="password" autocomplete="off" required />
      </label>
      <button>Use it</button>
    </form>
  );
}
