import type { Bus } from '#kernel';
import { ask } from '#rpc';
import {
  endpoints,
  namedInRegion,
  type BuildSummary,
  type BuildView,
  type ConfigurationSummary,
  type ConfigurationView,
  type ConfigureRequest,
  type NamedInRegion,
  type ChangeBuildRequest,
  type NamesRequest,
  type PushRequest,
  type RemoveVersionRequest,
} from '#wire';
import { signed, type Unsigned } from '../../auth/caller.js';
import { answered } from '../../answered.js';
import { Problem, refusalProblem } from '../../http/problems.js';

/**
 * Asks allocators about builds and build configurations. Throws a `Problem` if there is no good
 * answer.
 */
export class Catalogue {
  constructor(private readonly bus: Bus) {}

  async configurations(region: string): Promise<readonly ConfigurationSummary[]> {
    const answer = await this.askForConfigurations({ region });
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.status === 'configurations' ? answer.configurations : [];
  }

  async configuration(ref: NamedInRegion): Promise<ConfigurationView> {
    const answer = await this.askForConfigurations(ref);
    if (answer.status === 'configured') return answer.configuration;
    throw answer.status === 'refused' ? refusalProblem(answer) : otherwise();
  }

  async configure(request: Unsigned<ConfigureRequest>): Promise<ConfigurationView> {
    const { region } = request;
    const wanted = { ...request, by: signed(request.by) };
    const answer = await answered(ask(this.bus, endpoints.configure, { region }, wanted), region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.configuration;
  }

  async builds(region: string): Promise<readonly BuildSummary[]> {
    const answer = await this.askForBuilds({ region });
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.status === 'builds' ? answer.builds : [];
  }

  async build(ref: NamedInRegion): Promise<BuildView> {
    const answer = await this.askForBuilds(ref);
    if (answer.status === 'build') return answer.build;
    throw answer.status === 'refused' ? refusalProblem(answer) : otherwise();
  }

  push(request: Unsigned<PushRequest>): Promise<BuildView> {
    return this.change({ ...request, by: signed(request.by) });
  }

  remove(request: Unsigned<RemoveVersionRequest>): Promise<BuildView> {
    return this.change({ ...request, by: signed(request.by) });
  }

  private async change(request: ChangeBuildRequest): Promise<BuildView> {
    const { region } = request;
    const answer = await answered(
      ask(this.bus, endpoints.changeBuild, { region }, request),
      region,
    );
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.build;
  }

  private askForConfigurations(request: NamesRequest) {
    const { region } = request;
    return answered(ask(this.bus, endpoints.configurations, { region }, request), region);
  }

  private askForBuilds(request: NamesRequest) {
    const { region } = request;
    return answered(ask(this.bus, endpoints.builds, { region }, request), region);
  }
}

export function configurationRef(id: string): NamedInRegion {
  return refOf(id, 'build configuration', 'unknown-build-configuration');
}

export function buildRef(id: string): NamedInRegion {
  return refOf(id, 'build', 'unknown-build');
}

function refOf(
  id: string,
  noun: string,
  code: 'unknown-build' | 'unknown-build-configuration',
): NamedInRegion {
  const ref = namedInRegion(id);
  if (ref !== undefined) return ref;
  throw new Problem(404, code, `there is no ${noun} ${id}; its name must be region.name`);
}

function otherwise(): Problem {
  return new Problem(
    502,
    'bad-answer',
    'the answer of the allocator does not belong to the request',
  );
}
