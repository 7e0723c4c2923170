import { Clock } from '#kernel';
import { Module } from '@nestjs/common';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { payloads } from '../payloads/payloads.provider.js';
import { Requests } from '../requests/requests.js';
import { RequestsModule } from '../requests/requests.module.js';
import { Regions } from '../slots/regions.js';
import { SlotView } from '../slots/slot-view.js';
import { SlotsModule } from '../slots/slots.module.js';
import { AuditIndex } from '../audit-index/audit-index.js';
import { AuditIndexModule } from '../audit-index/audit-index.module.js';
import { AllocationStories } from './allocation-stories.js';
import { IndexedActions } from './indexed-actions.js';
import { IndexedStories } from './indexed-stories.js';
import { Scans } from './scans.js';
import { SettingChanges } from './setting-changes.js';
import { ActionsController } from './actions.controller.js';
import { AuditController } from './audit.controller.js';
import { PastController } from './past.controller.js';

/** Questions to the kept history. */
export const audit = {
  imports: [SlotsModule, RequestsModule, AuditIndexModule],
  controllers: [AuditController, ActionsController, PastController],
  providers: [
    { provide: Scans, useFactory: (clock: Clock) => new Scans(clock), inject: [Clock] },
    payloads,
    {
      provide: IndexedActions,
      useFactory: (index: AuditIndex) => new IndexedActions(index),
      inject: [AuditIndex],
    },
    {
      provide: SettingChanges,
      useFactory: (deps: GatewayDeps) => new SettingChanges(deps),
      inject: [GATEWAY_DEPS],
    },
    {
      provide: IndexedStories,
      useFactory: (index: AuditIndex, regions: Regions) => new IndexedStories(index, regions),
      inject: [AuditIndex, Regions],
    },
    {
      provide: AllocationStories,
      useFactory: (
        { clock }: GatewayDeps,
        regions: Regions,
        view: SlotView,
        requests: Requests,
        scans: Scans,
        index: IndexedStories,
      ) => new AllocationStories({ clock, regions, view, requests, scans, index }),
      inject: [GATEWAY_DEPS, Regions, SlotView, Requests, Scans, IndexedStories],
    },
  ],
};

@Module(audit)
export class AuditModule {}
