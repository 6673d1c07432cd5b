import type { Deployed } from '../contract/deployed.ts';
import { attributingFields, filterNames } from '../contract/logs.ts';
import type { Gap } from '../model/coverage.ts';
import type { ClusterFacts, Facts, FlowLogFacts, LogGroupFacts } from './facts.ts';
import { type Found, given, type Note, together } from './gap.ts';
import { readerOf } from './own.ts';
import { subscriptionGaps } from './subscriptions.ts';

/** What of the traffic of watched clusters is not seen. */
export function judgeFlows(facts: Facts, deployed: Deployed): Found {
  const parts = deployed.clusters.map((cluster): Found => {
    const sources = deployed.flowLogs.filter((source) => source.cluster === cluster);
    if (sources.length === 0) return { gaps: [notConfigured(cluster, facts)], notes: [] };
    return together(sources.map((source) => judgeSource(source, facts, deployed)));
  });
  return together(parts);
}

type Source = Deployed['flowLogs'][number];

function judgeSource({ cluster, written, format }: Source, facts: Facts, deployed: Deployed): Found {
  const subject = written;
  const gap = (id: string, why: string, fix: readonly string[]): Gap => ({
    id,
    cluster,
    source: 'flow',
    subject,
    status: 'blind',
    why,
    fix,
    explained: '',
  });
  const found = facts.flowGroups.find(({ name }) => name === written)?.group ?? { unknown: 'it was not looked at' };
  const group = given(found, { cluster, source: 'flow', subject }, (value): Found => {
    if (value === undefined)
      return {
        gaps: [gap('log-group-missing', `there is no log group ${written}: no traffic is recorded`, ['npx cdk deploy'])],
        notes: [],
      };
    return judgeGroup(value, { cluster, written, format }, facts, deployed);
  });
  const logs = given(facts.flowLogs, { cluster, source: 'flow', subject: 'the flow logs of the Region' }, (all): Found => {
    const own = all.filter((one) => one.written === written);
    const active = own.filter(({ status }) => status === 'ACTIVE');
    if (active.length === 0)
      return {
        gaps: [
          gap(
            'flow-log-missing',
            `no active flow log writes to ${written}: no traffic is recorded`,
            fixOf(cluster, facts, deployed, written),
          ),
        ],
        notes: [],
      };
    return together(active.map((flow) => judgeFlowLog(flow, format, gap, vpcNote(flow, clusterNamed(cluster, facts)))));
  });
  return together([group, logs]);
}

function judgeGroup(value: LogGroupFacts, { cluster, written }: Source, { own }: Facts, deployed: Deployed): Found {
  return given(value.filters, { cluster, source: 'flow', subject: `filters of ${written}` }, (filters) => ({
    gaps: subscriptionGaps(
      {
        cluster,
        source: 'flow',
        group: written,
        filters: [{ name: filterNames.main, pattern: '' }],
        destination: deployed.flow,
        role: deployed.flowRole,
        region: deployed.region,
      },
      value,
      filters,
      readerOf(own, deployed.flow),
    ),
    notes: [],
  }));
}

function judgeFlowLog(
  flow: FlowLogFacts,
  format: string,
  gap: (id: string, why: string, fix: readonly string[]) => Gap,
  notes: readonly Note[],
): Found {
  const gaps: Gap[] = [];
  const again = [
    '# the format of a flow log cannot be changed: make another, then delete this one',
    'npx cdk deploy',
    `aws ec2 delete-flow-logs --flow-log-ids ${flow.id}`,
  ];
  if (flow.delivery === 'FAILED')
    gaps.push(
      gap('flow-log-failing', `flow log ${flow.id} cannot deliver: ${flow.deliveryError || 'no reason is given'}`, [
        `aws ec2 describe-flow-logs --flow-log-ids ${flow.id}`,
      ]),
    );
  const fields = flow.format.split(' ').filter(Boolean);
  if (flow.format !== format)
    gaps.push(gap('flow-log-format', `flow log ${flow.id} writes its fields in another order than its lines are read in`, again));
  else if (attributingFields.some((field) => !fields.includes(field)))
    gaps.push(
      gap(
        'flow-log-fields',
        `flow log ${flow.id} lacks ${attributingFields.filter((field) => !fields.includes(field)).join(', ')}: traffic is told by node, not by pod`,
        again,
      ),
    );
  if (flow.traffic !== 'ALL') gaps.push(gap('flow-log-partial', `flow log ${flow.id} records ${flow.traffic} traffic only`, again));
  return { gaps, notes };
}

function clusterNamed(name: string, { clusters }: Facts): ClusterFacts | undefined {
  return 'value' in clusters ? clusters.value.find((cluster) => cluster.name === name) : undefined;
}

function vpcNote({ id, resource }: FlowLogFacts, cluster: ClusterFacts | undefined): Note[] {
  if (cluster === undefined || !('value' in cluster.details)) return [];
  const { vpc } = cluster.details.value;
  return vpc === '' || resource === vpc
    ? []
    : [
        {
          cluster: cluster.name,
          text: `flow log ${id} records ${resource}, and the cluster is in ${vpc}: the rest of it is not recorded there`,
        },
      ];
}

function notConfigured(cluster: string, facts: Facts): Gap {
  const details = clusterNamed(cluster, facts)?.details;
  const vpc = details !== undefined && 'value' in details ? details.value.vpc : 'VPC';
  return {
    ...{ id: 'flow-not-configured', cluster, source: 'flow', subject: `flow logs of ${cluster}`, status: 'blind' },
    why: `no flow log is given for cluster ${cluster}: its traffic is not judged`,
    fix: [`# add { cluster: '${cluster}', vpcId: '${vpc}', create: true } to flowLogs in infra/plimsoll.config.ts, then`, 'npx cdk deploy'],
    explained: '',
  };
}

function fixOf(cluster: string, facts: Facts, { region }: Deployed, written: string): string[] {
  const details = clusterNamed(cluster, facts)?.details;
  const vpc = details !== undefined && 'value' in details ? details.value.vpc : 'VPC';
  return [
    `aws ec2 describe-flow-logs --region ${region} --filter Name=resource-id,Values=${vpc}`,
    `# if it belonged to the stack, remake what writes to ${written}:`,
    'npx cdk deploy',
  ];
}
