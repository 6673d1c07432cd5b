import type { Cluster } from '@aws-sdk/client-eks';
import type { SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import { LocalHttp } from '../support/http.ts';

class Refusal extends Error {}

/**
 * EKS and CloudWatch Logs as far as enrolment asks them, one of everything on a page. Sources: Amazon EKS API reference,
 * `ListClusters`, `DescribeCluster`; CloudWatch Logs API reference, `DescribeLogGroups`, `DescribeSubscriptionFilters`,
 * `PutSubscriptionFilter`, `DeleteSubscriptionFilter`.
 */
export class LocalRegion {
  readonly clusters = new Map<string, Cluster>();
  readonly groups = new Map<string, SubscriptionFilter[]>();
  readonly classes = new Map<string, string>();
  /** Calls in order, as `Action NAME`. */
  readonly asked: string[] = [];
  /** Errors to answer with, by call; each once. */
  readonly refusals = new Map<string, string>();
  private readonly http: LocalHttp;

  private constructor(http: LocalHttp) {
    this.http = http;
  }

  static async start(): Promise<LocalRegion> {
    const http = await LocalHttp.start({ status: 500 });
    const region = new LocalRegion(http);
    http.usual = ({ path, headers, body }) => {
      const action = headers['x-amz-target'];
      const type = { 'content-type': action === undefined ? 'application/json' : 'application/x-amz-json-1.1' };
      try {
        const answer =
          action === undefined
            ? region.eks(new URL(path, 'http://local'))
            : region.logs(String(action).replace('Logs_20140328.', ''), JSON.parse(body) as Record<string, string>);
        return { status: 200, headers: type, body: JSON.stringify(answer) };
      } catch (error) {
        const name = error instanceof Refusal ? error.message : 'InternalFailure';
        const status = name === 'ResourceNotFoundException' && action === undefined ? 404 : 400;
        return { status, headers: { ...type, 'x-amzn-errortype': name }, body: JSON.stringify({ __type: name, message: String(error) }) };
      }
    };
    return region;
  }

  get url(): string {
    return this.http.url;
  }

  async stop(): Promise<void> {
    await this.http.stop();
  }

  private note(call: string): void {
    this.asked.push(call);
    const refusal = this.refusals.get(call);
    this.refusals.delete(call);
    if (refusal !== undefined) throw new Refusal(refusal);
  }

  private eks({ pathname, searchParams }: URL): unknown {
    const name = /^\/clusters\/([^/]+)$/.exec(pathname)?.[1];
    if (name === undefined) {
      this.note('ListClusters');
      return pageOf('clusters', [...this.clusters.keys()], searchParams.get('nextToken'));
    }
    this.note(`DescribeCluster ${name}`);
    const cluster = this.clusters.get(name);
    if (cluster === undefined) throw new Refusal('ResourceNotFoundException');
    return { cluster };
  }

  private logs(action: string, input: Readonly<Record<string, string>>): unknown {
    const { logGroupName = '', filterName = '' } = input;
    this.note(`${action} ${logGroupName}${filterName === '' ? '' : ` ${filterName}`}`.trim());
    if (action === 'DescribeLogGroups') {
      const names = [...this.groups.keys()].filter((name) => name.startsWith(input['logGroupNamePrefix'] ?? ''));
      const all = names.map((name) => ({ logGroupName: name, logGroupClass: this.classes.get(name) }));
      return pageOf('logGroups', all, input['nextToken']);
    }
    const filters = this.groups.get(logGroupName);
    if (filters === undefined) throw new Refusal('ResourceNotFoundException');
    switch (action) {
      case 'DescribeSubscriptionFilters':
        return pageOf('subscriptionFilters', filters, input['nextToken']);
      case 'PutSubscriptionFilter': {
        const others = filters.filter((each) => each.filterName !== filterName);
        if (others.length >= 2) throw new Refusal('LimitExceededException');
        this.groups.set(logGroupName, [...others, input]);
        return {};
      }
      case 'DeleteSubscriptionFilter':
        if (!filters.some((each) => each.filterName === filterName)) throw new Refusal('ResourceNotFoundException');
        this.groups.set(
          logGroupName,
          filters.filter((each) => each.filterName !== filterName),
        );
        return {};
      default:
        throw new Refusal('InvalidParameterException');
    }
  }
}

function pageOf(field: string, all: readonly unknown[], token: string | null | undefined): unknown {
  const start = Number(token ?? 0);
  return { [field]: all.slice(start, start + 1), ...(start + 1 < all.length ? { nextToken: String(start + 1) } : {}) };
}
