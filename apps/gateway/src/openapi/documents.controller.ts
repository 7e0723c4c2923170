import { Controller, Get, Header } from '@nestjs/common';
import { z } from 'zod';
import { OpenToAll } from '../auth/requires.js';
import { Describes } from './describes.js';
import { Documents } from './documents.js';
import { errorsHtml } from './errors-page.js';

const document = z.looseObject({ info: z.looseObject({ title: z.string(), version: z.string() }) });

/** The gateway's documents about its own API. */
@Controller()
export class DocumentsController {
  constructor(private readonly documents: Documents) {}

  @Describes({
    summary: 'Describes this API, for generators of clients',
    answers: { 200: document.describe('An OpenAPI 3.1 document.') },
  })
  @OpenToAll()
  @Get('openapi.json')
  openApi() {
    return this.documents.openApi;
  }

  @Describes({
    summary: 'Describes the messages on NATS, for generators of clients',
    answers: { 200: document.describe('An AsyncAPI 3.0 document.') },
  })
  @OpenToAll()
  @Get('asyncapi.json')
  asyncApi() {
    return this.documents.asyncApi;
  }

  @Describes({
    summary: 'Explains every error code, for people',
    answers: { 200: { mediaType: 'text/html', says: 'A page with one section for each code.' } },
  })
  @OpenToAll()
  @Get('errors')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'")
  errors() {
    return errorsHtml();
  }
}
