import { Bus } from '#kernel';
import { Module } from '@nestjs/common';
import { SlotsModule } from '../slots/slots.module.js';
import { AuditIndexController } from './audit-index.controller.js';
import { AuditIndex } from './audit-index.js';

/** Past allocations, found in the index that auditors keep. */
export const auditIndex = {
  imports: [SlotsModule],
  controllers: [AuditIndexController],
  providers: [
    { provide: AuditIndex, useFactory: (bus: Bus) => new AuditIndex(bus), inject: [Bus] },
  ],
  exports: [AuditIndex],
};

@Module(auditIndex)
export class AuditIndexModule {}
