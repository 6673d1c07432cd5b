import type { Deployed } from '../contract/deployed.ts';
import { controlPlaneFilters } from '../detect/derive.ts';
import { isChosen } from '../enrolment/plan.ts';
import type { Gap, TelemetrySource } from '../model/coverage.ts';
import { minute } from '../model/time.ts';
import type { ClusterDetails, ClusterFacts, Facts } from './facts.ts';
import { type Found, given, type Note, together, word } from './gap.ts';
import { readerOf } from './own.ts';
import { type Subscription, subscriptionGaps } from './subscriptions.ts';

/** A retention of less leaves too little to investigate with. */
const shortRetention = 14;

/** Enrolment looks every hour, and a cluster takes a quarter of one to be made. */
const enrolledWithin = 90 * minute;

/** Clusters that are to be watched: those that the configuration names, and those that are enrolled. */
export function watchedClusters({ clusters }: Pick<Facts, 'clusters'>, deployed: Deployed): readonly string[] {
  const enrolled = 'value' in clusters ? clusters.value.filter((cluster) => isEnrolled(cluster, deployed)) : [];
  return [...new Set([...deployed.clusters, ...enrolled.map(({ name }) => name)])];
}

function isEnrolled({ details }: ClusterFacts, { enrolment }: Deployed): boolean {
  return enrolment !== undefined && 'value' in details && isChosen(details.value, enrolment);
}

/** What of the control planes of the Region is not seen: every cluster is asked after, whether it is watched or not. */
export function judgeClusters({ clusters, own }: Facts, deployed: Deployed, time: number): Found {
  return given(clusters, { cluster: '', source: 'audit', subject: 'the list of clusters' }, (list) => {
    const known = new Set(list.map(({ name }) => name));
    const gone = deployed.clusters
      .filter((name) => !known.has(name))
      .map((cluster): Note => ({ cluster, text: `there is no cluster ${cluster} any more: take it out of infra/plimsoll.config.ts` }));
    return together([{ gaps: [], notes: gone }, ...list.map((cluster) => judgeCluster(cluster, deployed, own, time))]);
  });
}

function judgeCluster(cluster: ClusterFacts, deployed: Deployed, own: Facts['own'], time: number): Found {
  const { name } = cluster;
  const notes = 'value' in cluster.details ? [noteOf(name, cluster.details.value)] : [];
  const named = deployed.clusters.includes(name);
  // Whether a cluster that could not be described is enrolled cannot be told.
  if (!named && (deployed.enrolment === undefined || ('value' in cluster.details && !isEnrolled(cluster, deployed))))
    return { gaps: [unwatched(cluster, deployed)], notes };
  const details = given(cluster.details, { cluster: name, source: 'audit', subject: `cluster ${name}` }, (value) => ({
    gaps: loggingGaps(name, value, deployed.region),
    notes,
  }));
  const group = given(cluster.written, { cluster: name, source: 'audit', subject: `log group of ${name}` }, (value) => {
    const subject = `/aws/eks/${name}/cluster`;
    if (value === undefined) {
      const explained = details.gaps.some(({ id }) => id === 'audit-log-off') ? 'the audit log is off, which is told' : '';
      return {
        gaps: [
          {
            id: 'log-group-missing',
            cluster: name,
            source: 'audit',
            subject,
            status: 'blind',
            why: `there is no log group ${subject}: EKS makes a new one without subscriptions`,
            fix: ['npx cdk deploy'],
            explained,
          },
        ],
        notes: [],
      };
    }
    const retention: Note[] =
      value.retentionDays !== undefined && value.retentionDays < shortRetention
        ? [
            {
              cluster: name,
              text: `${subject} keeps lines for ${String(value.retentionDays)} days: aws logs put-retention-policy --log-group-name ${subject} --retention-in-days 90`,
            },
          ]
        : value.retentionDays === undefined
          ? [{ cluster: name, text: `${subject} keeps lines for ever` }]
          : [];
    return together([
      { gaps: [], notes: retention },
      given(value.filters, { cluster: name, source: 'audit', subject: `filters of ${subject}` }, (filters) => ({
        gaps: subscriptionGaps(subscriptionOf(name, subject, deployed), value, filters, readerOf(own, deployed.audit)),
        notes: [],
      })),
    ]);
  });
  const found = together([details, group]);
  const passing = 'value' in cluster.details ? passes(cluster.details.value, named, time) : '';
  return passing === '' ? found : { ...found, gaps: found.gaps.map((gap) => ({ ...gap, explained: passing })) };
}

/** Why what is amiss with a cluster passes by itself; empty where it does not. */
function passes({ status, created }: ClusterDetails, named: boolean, time: number): string {
  // One that comes or goes has no logs yet, or soon none.
  if (/^(?:CREATING|DELETING|PENDING)$/.test(status)) return `the cluster is ${status.toLowerCase()}`;
  return !named && time - created < enrolledWithin ? 'the cluster is new, and enrolment looks every hour' : '';
}

function subscriptionOf(cluster: string, group: string, { filter, audit, auditRole, region }: Deployed): Subscription {
  return { cluster, source: 'audit', group, filters: controlPlaneFilters(filter), destination: audit, role: auditRole, region };
}

function unwatched({ name, details }: ClusterFacts, { enrolment }: Deployed): Gap {
  const state = 'value' in details ? details.value.status : '';
  return {
    ...{ id: 'cluster-not-watched', cluster: name, source: 'audit', subject: `cluster ${name}`, status: 'blind' },
    why: `cluster ${name} is not among those that are watched`,
    fix: [
      ...(enrolment !== undefined && 'tag' in enrolment ? [`# give it the tag ${enrolment.tag.key}=${enrolment.tag.value}, or`] : []),
      `# add { name: '${name}' } to clusters in infra/plimsoll.config.ts, then`,
      'npx cdk deploy',
    ],
    explained: state === 'DELETING' ? 'the cluster is deleting' : '',
  };
}

const neededLogs: readonly (readonly [type: string, source: TelemetrySource, id: string, what: string])[] = [
  ['audit', 'audit', 'audit-log-off', 'nothing done in it can be judged'],
  ['authenticator', 'authenticator', 'authenticator-log-off', 'logins that are refused are not seen'],
];

/** Source: Amazon EKS API reference, `Logging`: several groups of types, on and off; all together they are what is on. */
function loggingGaps(cluster: string, { logs }: ClusterDetails, region: string): Gap[] {
  return neededLogs
    .filter(([type]) => !logs.includes(type))
    .map(([type, source, id, consequence]) => ({
      ...{ id, cluster, source, subject: `cluster ${cluster}`, status: 'blind' as const },
      why: `the ${type} log of cluster ${cluster} is off: ${consequence}`,
      fix: [
        `aws eks update-cluster-config --region ${region} --name ${word(cluster)} --logging '{"clusterLogging":[{"types":["audit","authenticator"],"enabled":true}]}'`,
      ],
      explained: '',
    }));
}

function noteOf(cluster: string, { publicEndpoint, publicRanges, accessMode }: ClusterDetails): Note {
  const endpoint = publicEndpoint ? `public to ${publicRanges.join(', ') || 'everybody'}` : 'private';
  return { cluster, text: `its endpoint is ${endpoint}; who may enter is decided by ${accessMode || 'an unknown mode'}` };
}
