import type { Bus } from '#kernel';
import {
  endpoints,
  buildsAnswer,
  changeBuildAnswer,
  configurationsAnswer,
  configureAnswer,
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
import { ask } from './ask.js';

/** An allocator's own deadline for what it records, and the way there and back. */
const ANSWER_MS = 15_000;

export function askToConfigure(bus: Bus, request: ConfigureRequest): Promise<ConfigureAnswer> {
  return ask(
    bus,
    endpoints.configure.subject.of({ region: request.region }),
    request,
    configureAnswer,
    ANSWER_MS,
  );
}

export function askForConfigurations(
  bus: Bus,
  request: NamesRequest,
): Promise<ConfigurationsAnswer> {
  return ask(
    bus,
    endpoints.configurations.subject.of({ region: request.region }),
    request,
    configurationsAnswer,
    ANSWER_MS,
  );
}

export function askToChangeBuild(
  bus: Bus,
  request: ChangeBuildRequest,
): Promise<ChangeBuildAnswer> {
  return ask(
    bus,
    endpoints.changeBuild.subject.of({ region: request.region }),
    request,
    changeBuildAnswer,
    ANSWER_MS,
  );
}

export function askForBuilds(bus: Bus, request: NamesRequest): Promise<BuildsAnswer> {
  return ask(
    bus,
    endpoints.builds.subject.of({ region: request.region }),
    request,
    buildsAnswer,
    ANSWER_MS,
  );
}

export function askToConfigureFleet(bus: Bus, request: ConfigureFleetRequest): Promise<SizeAnswer> {
  return ask(
    bus,
    endpoints.configureFleet.subject.of({ region: request.region }),
    request,
    sizeAnswer,
    ANSWER_MS,
  );
}
