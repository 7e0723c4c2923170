import type { Bus } from '#kernel';
import {
  buildsAnswer,
  changeBuildAnswer,
  changeBuildSubject,
  configurationsAnswer,
  configureAnswer,
  configureFleetSubject,
  configureSubject,
  decodeJson,
  encodeJson,
  listBuildsSubject,
  listConfigurationsSubject,
  sizeAnswer,
  type BuildsAnswer,
  type ChangeBuildAnswer,
  type ChangeBuildRequest,
  type ConfigurationsAnswer,
  type ConfigureAnswer,
  type ConfigureFleetRequest,
  type ConfigureRequest,
  type NamesRequest,
  type SizeAnswer,
} from '#wire';
import type { z } from 'zod';

/** An allocator's own deadline for what it records, and the way there and back. */
const ANSWER_MS = 15_000;

/**
 * Each is one try of one request to the allocators of a region.
 *
 * @throws {DeadlinePassed} there was no answer.
 * @throws {NobodyListens} no allocator runs in the region.
 * @throws {Unparsable} the answer is none that this version knows.
 */
async function ask<T>(bus: Bus, subject: string, request: object, schema: z.ZodType<T>) {
  return decodeJson(schema, await bus.request(subject, encodeJson(request), ANSWER_MS));
}

export function askToConfigure(bus: Bus, request: ConfigureRequest): Promise<ConfigureAnswer> {
  return ask(bus, configureSubject(request.region), request, configureAnswer);
}

export function askForConfigurations(
  bus: Bus,
  request: NamesRequest,
): Promise<ConfigurationsAnswer> {
  return ask(bus, listConfigurationsSubject(request.region), request, configurationsAnswer);
}

export function askToChangeBuild(
  bus: Bus,
  request: ChangeBuildRequest,
): Promise<ChangeBuildAnswer> {
  return ask(bus, changeBuildSubject(request.region), request, changeBuildAnswer);
}

export function askForBuilds(bus: Bus, request: NamesRequest): Promise<BuildsAnswer> {
  return ask(bus, listBuildsSubject(request.region), request, buildsAnswer);
}

export function askToConfigureFleet(bus: Bus, request: ConfigureFleetRequest): Promise<SizeAnswer> {
  return ask(bus, configureFleetSubject(request.region), request, sizeAnswer);
}
