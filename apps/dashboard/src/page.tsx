import type { ComponentType } from 'preact';
import { AllocationPage } from './pages/allocations/allocation.js';
import { AllocationsPage } from './pages/allocations/allocations.js';
import { AuditPage } from './pages/audit/audit.js';
import { BuildPage } from './pages/builds/build.js';
import { BuildsPage } from './pages/builds/builds.js';
import { ConfigurationPage } from './pages/builds/configuration.js';
import { FleetPage } from './pages/fleets/fleet.js';
import { FleetsPage } from './pages/fleets/fleets.js';
import { InstallationPage } from './pages/installation/installation.js';
import { MachinePage } from './pages/machines/machine.js';
import { MachinesPage } from './pages/machines/machines.js';
import { OverviewPage } from './pages/overview/overview.js';
import { RefusalsPage } from './pages/refusals/refusals.js';
import { SlotPage } from './pages/slots/slot.js';
import { SlotsPage } from './pages/slots/slots.js';
import { TryItPage } from './pages/try-it/try-it.js';
import { route } from './route.js';

/** The pages in the header. */
export const pageTitles = [
  ['', 'Overview'],
  ['slots', 'Slots'],
  ['allocations', 'Allocations'],
  ['refusals', 'Refusals'],
  ['fleets', 'Fleets'],
  ['builds', 'Builds'],
  ['machines', 'Machines'],
  ['audit', 'Audit'],
  ['installation', 'Installation'],
  ['try', 'Try it'],
] as const;

type OnePage = ComponentType<{ readonly id: string }>;

/** By the first word of the address: the list, and the page of one of its items. */
const PAGES: Readonly<Record<string, readonly [list: ComponentType, one?: OnePage]>> = {
  '': [OverviewPage],
  slots: [SlotsPage, SlotPage],
  allocations: [AllocationsPage, AllocationPage],
  refusals: [RefusalsPage],
  fleets: [FleetsPage, FleetPage],
  builds: [BuildsPage, BuildPage],
  configurations: [BuildsPage, ConfigurationPage],
  machines: [MachinesPage, MachinePage],
  audit: [AuditPage],
  installation: [InstallationPage],
  try: [TryItPage],
};

/** The page at the current address. */
export function Page() {
  const { page, id } = route.value;
  const [List, One] = PAGES[page] ?? [];
  if (id !== '' && One !== undefined) return <One key={id} id={id} />;
  return List === undefined || id !== '' ? <h1>There is no such page</h1> : <List />;
}
