import type { EnrolmentSettings } from '../../shared/contract/enrolment.ts';
import { filterNames } from '../../shared/contract/logs.ts';
import type { EnrolmentPort } from '../../shared/enrolment/enrolling.ts';
import type { Found, FoundCluster, FoundFilter, FoundGroup, Unread } from '../../shared/enrolment/found.ts';
import type { WantedFilter } from '../../shared/enrolment/group-plan.ts';

export const ours = 'arn:aws:lambda:eu-central-1:111122223333:function:Plimsoll-AnalyseAudit';
export const formerly = 'arn:aws:kinesis:eu-central-1:111122223333:stream/Plimsoll-AuditRelay';
export const theirs = 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/siem';

export const settings: EnrolmentSettings = {
  choice: { tag: { key: 'plimsoll', value: 'on' } },
  named: ['production'],
  destination: ours,
  filters: [
    { name: filterNames.main, pattern: '{ $.kind = "Event" }' },
    { name: filterNames.text, pattern: '"[Truncated...]"' },
  ],
};

export const filter = (name: string, destination: string, pattern = ''): FoundFilter => ({ name, destination, pattern });
export const inPlace = settings.filters.map(({ name, pattern }) => filter(name, ours, pattern));

export const group = (cluster: string, filters: readonly FoundFilter[] = [], logClass = 'STANDARD'): FoundGroup => ({
  name: `/aws/eks/${cluster}/cluster`,
  cluster,
  logClass,
  filters,
});

export const cluster = (name: string, more: Partial<FoundCluster> = {}): FoundCluster => ({
  name,
  status: 'ACTIVE',
  tags: { plimsoll: 'on' },
  audited: true,
  ...more,
});

/** Clusters and log groups of an account, as far as enrolment can tell them from real ones. */
export class MemoryRegion implements EnrolmentPort {
  readonly clusters: readonly FoundCluster[];
  readonly unread: readonly Unread[];
  readonly groups: Map<string, FoundGroup>;
  readonly refusing = new Set<string>();
  /** What happens between the look and the first change. */
  meanwhile: () => void = () => undefined;

  constructor(clusters: readonly FoundCluster[], groups: readonly FoundGroup[], unread: readonly Unread[] = []) {
    this.clusters = clusters;
    this.unread = unread;
    this.groups = new Map(groups.map((each) => [each.name, each]));
  }

  look(): Promise<Found> {
    const found = { clusters: this.clusters, groups: [...this.groups.values()], unread: this.unread };
    this.meanwhile();
    return Promise.resolve(found);
  }

  filtersOf(name: string): Promise<readonly FoundFilter[]> {
    return Promise.resolve(this.filters(name));
  }

  put(name: string, wanted: WantedFilter): Promise<void> {
    if (this.refusing.has(name)) return Promise.reject(new Error('not today'));
    this.set(name, [...this.filters(name).filter((each) => each.name !== wanted.name), wanted]);
    return Promise.resolve();
  }

  remove(name: string, gone: string): Promise<void> {
    if (this.refusing.has(name)) return Promise.reject(new Error('not today'));
    this.set(
      name,
      this.filters(name).filter((each) => each.name !== gone),
    );
    return Promise.resolve();
  }

  filters(name: string): readonly FoundFilter[] {
    return this.groups.get(name)?.filters ?? [];
  }

  set(name: string, filters: readonly FoundFilter[]): void {
    const there = this.groups.get(name);
    if (there !== undefined) this.groups.set(name, { ...there, filters });
  }
}
