import { keepToken, needsToken } from './api.js';
import { textOf } from './form.js';
import { liveness, slots, trouble } from './live.js';
import { AllocationPage } from './pages/allocations/allocation.js';
import { AllocationsPage } from './pages/allocations/allocations.js';
import { BuildPage, BuildsPage, ConfigurationPage } from './pages/builds/builds.js';
import { FleetPage } from './pages/fleets/fleet.js';
import { FleetsPage } from './pages/fleets/fleets.js';
import { InstallationPage } from './pages/installation/installation.js';
import { MachinesPage } from './pages/machines/machines.js';
import { OverviewPage } from './pages/overview/overview.js';
import { RefusalsPage } from './pages/refusals/refusals.js';
import { SlotPage } from './pages/slots/slot.js';
import { SlotsPage } from './pages/slots/slots.js';
import { TryItPage } from './pages/try-it/try-it.js';
import { linkTo, route } from './route.js';

const PAGES = [
  ['', 'Overview'],
  ['slots', 'Slots'],
  ['allocations', 'Allocations'],
  ['refusals', 'Refusals'],
  ['fleets', 'Fleets'],
  ['builds', 'Builds'],
  ['machines', 'Machines'],
  ['installation', 'Installation'],
  ['try', 'Try it'],
] as const;

export function App() {
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        To the content
      </a>
      <header>
        <a class="name" href="#/">
          Berth
        </a>
        <nav aria-label="Pages">
          {PAGES.map(([page, title]) => (
            <a href={linkTo(page)} aria-current={route.value.page === page ? 'page' : undefined}>
              {title}
            </a>
          ))}
          <a href="/docs">API</a>
        </nav>
        <form role="search" onSubmit={find}>
          <input
            name="id"
            type="search"
            aria-label="Find a slot or an allocation by its id"
            placeholder="find an id"
          />
        </form>
        <Banner />
      </header>
      <main id="main" tabIndex={-1}>
        {needsToken.value ? <TokenForm /> : <Page />}
      </main>
    </>
  );
}

function Page() {
  const { page, id } = route.value;
  switch (page) {
    case '':
      return <OverviewPage />;
    case 'slots':
      return id === '' ? <SlotsPage /> : <SlotPage key={id} id={id} />;
    case 'allocations':
      return id === '' ? <AllocationsPage /> : <AllocationPage key={id} id={id} />;
    case 'fleets':
      return id === '' ? <FleetsPage /> : <FleetPage key={id} id={id} />;
    case 'refusals':
      return <RefusalsPage />;
    case 'builds':
      return id === '' ? <BuildsPage /> : <BuildPage key={id} id={id} />;
    case 'configurations':
      return <ConfigurationPage key={id} id={id} />;
    case 'installation':
      return <InstallationPage />;
    case 'machines':
      return <MachinesPage />;
    case 'try':
      return <TryItPage />;
    default:
      return <h1>There is no such page</h1>;
  }
}

/** Shows whether the displayed state is up to date. */
function Banner() {
  const said = {
    live: 'live',
    stale: 'stale: nothing was heard for 20 s',
    reconnecting: `reconnecting${trouble.value === '' ? '' : `: ${trouble.value}`}`,
  };
  return (
    <p class={`banner ${liveness.value}`} role="status">
      {said[liveness.value]}
    </p>
  );
}

function TokenForm() {
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

function find(event: SubmitEvent): void {
  event.preventDefault();
  const id = textOf(event, 'id').trim();
  if (id !== '') location.hash = linkTo(slots.value.has(id) ? 'slots' : 'allocations', id);
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
