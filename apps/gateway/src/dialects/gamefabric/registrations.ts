import type { Bus } from '#kernel';
import { ask } from '#rpc';
import { DEFAULT_PROJECT } from '#slot';
import {
  endpoints,
  type DeregistrationRequest,
  type KeepAliveRequest,
  type Proof,
  type RegistrarRefused,
  type RegistrationBody,
} from '#wire';
import { answeredBy, timedOut } from '../../answered.js';
import { currentCaller, requireRegion, signed } from '../../auth/caller.js';
import { unmapped } from '../../edge/address.js';
import { ERRORS } from '../../http/errors.js';
import { invalid, notReady, Problem } from '../../http/problems.js';

const RETRY_AFTER_S = 1;

/** Asks registrars. Throws a `Problem` if there is no good answer. */
export class Registrations {
  constructor(
    private readonly bus: Bus,
    private readonly regions: readonly string[],
  ) {}

  async register(body: RegistrationBody, shown: Shown) {
    const region = body.region ?? this.onlyRegion();
    const answer = await answered(
      ask(
        this.bus,
        endpoints.register,
        { region },
        { ...body, ...ofProject(), ...proofOf(shown), region, by: signed() },
      ),
      region,
    );
    if (answer.status === 'refused') throw problemOf(answer);
    return answer;
  }

  async keepAlive(request: KeepAliveRequest) {
    const answer = await this.find((region) =>
      answered(
        ask(this.bus, endpoints.keepAlive, { region }, { ...request, ...ofProject() }),
        region,
      ),
    );
    if (answer.status === 'refused') throw problemOf(answer);
    return answer;
  }

  async deregister(request: DeregistrationRequest, shown: Shown) {
    const answer = await this.find((region) =>
      answered(
        ask(
          this.bus,
          endpoints.deregister,
          { region },
          { ...request, ...ofProject(), ...proofOf(shown), by: signed() },
        ),
        region,
      ),
    );
    if (answer.status === 'refused') throw problemOf(answer);
    return answer;
  }

  private onlyRegion(): string {
    const [region, ...others] = this.regions;
    if (region !== undefined && others.length === 0) return region;
    throw invalid(`region: is required, because there are several: ${this.regions.join(', ')}`);
  }

  /**
   * Asks all regions, since neither path nor body names the region, and returns the answer of the
   * one that has the server. "Unknown" is returned only if all regions have answered, since servers
   * take it to mean that they were allocated.
   */
  private async find<Answer extends { readonly status: string }>(
    ask: (region: string) => Promise<Answer>,
  ): Promise<Answer> {
    const regions = this.regions.filter((region) => currentCaller().mayUse(region));
    if (regions.length === 0) requireRegion(this.regions[0] ?? '');
    const outcome = await Promise.allSettled(regions.map(ask));
    const answers = outcome.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const good = answers.find(({ status }) => status !== 'refused');
    if (good !== undefined) return good;
    for (const one of outcome) if (one.status === 'rejected') throw one.reason;
    const [first] = answers.toSorted(
      (one, other) => Number(isUnknown(one)) - Number(isUnknown(other)),
    );
    if (first === undefined) throw notReady('no region is served here');
    return first;
  }
}

/** What of the request may show that it comes from the server that is registered. */
interface Shown {
  readonly from: string;
  readonly proof: string | undefined;
}

function proofOf({ from, proof }: Shown): Proof {
  const isOperator = currentCaller().may('operate');
  return {
    from: unmapped(from),
    ...(proof !== undefined && { proof }),
    ...(isOperator && { isOperator }),
  };
}

/** The project of the caller, which its registrations belong to. */
function ofProject(): { readonly project?: string } {
  const { project } = currentCaller();
  return project === DEFAULT_PROJECT ? {} : { project };
}

function answered<T>(asked: Promise<T>, region: string): Promise<T> {
  return answeredBy(asked, {
    who: 'registrar',
    nobody: () => noRegistrar(region),
    late: () => timedOut('the registrar did not answer in time; ask again'),
  });
}

function isUnknown(answer: object): boolean {
  return 'code' in answer && answer.code === 'unknown-server';
}

function problemOf({ code, message }: RegistrarRefused): Problem {
  const { status } = ERRORS[code];
  return new Problem(status, code, message, status === 503 ? { retryAfterS: RETRY_AFTER_S } : {});
}

function noRegistrar(region: string): Problem {
  const detail = `no registrar is running for region ${region}`;
  return new Problem(503, 'no-registrar', detail, { retryAfterS: RETRY_AFTER_S });
}
