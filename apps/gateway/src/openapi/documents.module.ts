import { Module } from '@nestjs/common';
import { RootController } from '../api/root.controller.js';
import { DocumentsController } from './documents.controller.js';

/** The gateway's documents about itself. */
export const documents = { controllers: [RootController, DocumentsController] };

@Module(documents)
export class DocumentsModule {}
