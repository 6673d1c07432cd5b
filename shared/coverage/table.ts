import type { Deployed } from '../contract/deployed.ts';
import { type Gap, telemetrySources, type TelemetrySource } from '../model/coverage.ts';
import { iso } from '../model/time.ts';
import type { LastHeard } from './listening.ts';
import { watchedClusters } from './clusters.ts';
import type { Facts } from './facts.ts';
import type { Note } from './gap.ts';

/** One source of one cluster: watched, blind or unknown. */
export interface Row {
  /** Empty for what is about all clusters. */
  readonly cluster: string;
  readonly source: TelemetrySource;
  readonly status: 'watched' | 'blind' | 'unknown';
  readonly why: readonly string[];
  readonly fix: readonly string[];
  /** When it was last heard, ISO 8601. */
  readonly heard?: string;
}

/** Every cluster and source with what is seen of it. */
export function rowsOf(facts: Facts, deployed: Deployed, gaps: readonly Gap[], heard: readonly LastHeard[]): readonly Row[] {
  const names = 'value' in facts.clusters ? facts.clusters.value.map(({ name }) => name) : [];
  const clusters = [...new Set([...deployed.clusters, ...names])].sort();
  const watched = watchedClusters(facts, deployed);
  const pairs = [
    ...clusters.flatMap((cluster) =>
      telemetrySources
        .filter((source) => isAbout(source, watched.includes(cluster), deployed.clusters.includes(cluster)))
        .map((source) => ({ cluster, source })),
    ),
    ...(['api', 'pipeline'] as const).map((source) => ({ cluster: '', source })),
  ];
  return pairs.map(({ cluster, source }) => {
    const own = gaps.filter((gap) => covers(gap, cluster, source)).sort((one, other) => rank(one) - rank(other));
    const at = heard.find((one) => one.cluster === cluster && one.source === source)?.at;
    return {
      ...{ cluster, source, status: own[0]?.status ?? 'watched' },
      why: own.map(({ why }) => why),
      fix: [...new Set(own.flatMap(({ fix }) => fix))],
      ...(at === undefined ? {} : { heard: iso(at) }),
    };
  });
}

/** Whether there is a row for a source of a cluster: traffic is judged of clusters that the configuration names. */
function isAbout(source: TelemetrySource, watched: boolean, named: boolean): boolean {
  return source === 'audit' || (source === 'authenticator' && watched) || (source === 'flow' && named);
}

/** Both of the control plane's logs go through the same group and filters. */
function covers(gap: Gap, cluster: string, source: TelemetrySource): boolean {
  const shared = source === 'authenticator' && gap.source === 'audit' && !['audit-log-off', 'silent'].includes(gap.id);
  return (gap.cluster === cluster || gap.cluster === '') && (gap.source === source || shared);
}

function rank({ status, source }: Gap): number {
  return (status === 'blind' ? 0 : 10) + telemetrySources.indexOf(source);
}

/** The table as JSON: a contract, whose fields may be added to. */
export function tableJson(rows: readonly Row[], notes: readonly Note[]): string {
  return JSON.stringify({ rows, notes }, undefined, 2);
}

/** The table for people. */
export function tableText(rows: readonly Row[], notes: readonly Note[]): string[] {
  const name = ({ cluster }: { readonly cluster: string }): string => cluster || '(all)';
  const widest = Math.max(7, ...rows.map((row) => name(row).length));
  const line = (cluster: string, source: string, status: string, rest: string): string =>
    `${cluster.padEnd(widest)}  ${source.padEnd(13)}  ${status.padEnd(7)}  ${rest}`.trimEnd();
  const lines = rows.flatMap((row) => {
    const heard = row.heard === undefined ? '' : `last heard before ${row.heard}`;
    const [first = heard, ...others] = row.why;
    return [
      line(name(row), row.source, row.status, first),
      ...others.map((why) => line('', '', '', why)),
      ...row.fix.map((command) => line('', '', '', `  ${command}`)),
    ];
  });
  const blind = rows.filter(({ status }) => status === 'blind').length;
  const unknown = rows.filter(({ status }) => status === 'unknown').length;
  return [
    line('CLUSTER', 'SOURCE', 'STATUS', 'WHY, AND HOW TO CLOSE IT'),
    ...lines,
    '',
    ...notes.map((note) => `${name(note)}: ${note.text}`),
    `${String(rows.length - blind - unknown)} watched, ${String(blind)} blind, ${String(unknown)} unknown`,
  ];
}
