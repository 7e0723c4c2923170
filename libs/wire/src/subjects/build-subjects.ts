import { Unparsable } from '#kernel';

/** Names one build, or one build configuration, in one region. */
export interface NamedInRegion {
  readonly region: string;
  readonly name: string;
}

/** The history of one build configuration. */
export function configurationSubject({ region, name }: NamedInRegion): string {
  return `configuration.${region}.${name}`;
}

/** Every build configuration of a region. */
export function configurationsSubject(region: string): string {
  return configurationSubject({ region, name: '*' });
}

/** Throws `Unparsable` where the subject names no build configuration. */
export function configurationOfSubject(subject: string): NamedInRegion {
  return named('configuration', subject);
}

/** The history of one build: its versions. */
export function buildSubject({ region, name }: NamedInRegion): string {
  return `build.${region}.${name}`;
}

/** Every build of a region. */
export function buildsSubject(region: string): string {
  return buildSubject({ region, name: '*' });
}

/** Throws `Unparsable` where the subject names no build. */
export function buildOfSubject(subject: string): NamedInRegion {
  return named('build', subject);
}

function named(kind: string, subject: string): NamedInRegion {
  const [prefix, region, name, ...rest] = subject.split('.');
  if (prefix !== kind || !region || !name || rest.length > 0) {
    throw new Unparsable(`"${subject}" is not the subject of a ${kind}`);
  }
  return { region, name };
}

/** Requests to set or remove a build configuration: one allocator of the queue group answers. */
export function configureSubject(region: string): string {
  return `configure.${region}`;
}

/** Questions for build configurations: one allocator of the queue group answers. */
export function listConfigurationsSubject(region: string): string {
  return `configurations.${region}`;
}

/** That a build's files are stored, or one of its versions not wanted: one allocator answers. */
export function changeBuildSubject(region: string): string {
  return `changebuild.${region}`;
}

/** Questions for builds: one allocator of the queue group answers. */
export function listBuildsSubject(region: string): string {
  return `builds.${region}`;
}

/** Requests to say what a fleet's free slots are to run: one allocator answers. */
export function configureFleetSubject(region: string): string {
  return `configurefleet.${region}`;
}
