import { Module } from '@nestjs/common';
import { RootController } from '../api/root.controller.js';
import { DocumentsController } from './documents.controller.js';

/** What the gateway tells of itself. */
export const documents = { controllers: [RootController, DocumentsController] };

@Module(documents)
export class DocumentsModule {}
