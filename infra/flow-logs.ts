import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { environment } from '../shared/contract/environment.ts';
import { flowFormat, type FlowSource } from '../shared/contract/logs.ts';
import type { Analysis } from './analysis.ts';
import type { FlowLogs } from './config.ts';
import type { Surroundings } from './handler.ts';
import { type LineTaker, LogSubscription } from './log-subscription.ts';
import { flowFilters } from './subscription-pattern.ts';
import { VpcFlowLog } from './vpc-flow-log.ts';

/** What {@link EnrolledFlowLogs} needs. */
export interface EnrolledFlowLogsProps {
  readonly flowLogs: readonly FlowLogs[];
  readonly analysis: Analysis;
  readonly taker: LineTaker;
  readonly surroundings: Surroundings;
}

/** The flow-log groups whose lines count; the function rejects a line from any other as foreign. */
export class EnrolledFlowLogs extends Construct {
  readonly subscriptions: readonly LogSubscription[];
  /** Where their lines come from, by log group. */
  readonly sources: readonly (FlowSource & { readonly written: string })[];

  constructor(scope: Construct, id: string, { flowLogs, analysis, taker, surroundings }: EnrolledFlowLogsProps) {
    super(scope, id);
    const sources: Record<string, FlowSource> = {};
    const subscribe = (name: string, logGroup: ILogGroup, source: FlowSource) => {
      sources[logGroup.logGroupName] = source;
      const label = `flow logs of ${source.cluster} (${name})`;
      return new LogSubscription(this, name, { logGroup, filters: flowFilters, taker, label });
    };
    this.subscriptions = flowLogs.map((flow) => {
      if ('vpcId' in flow) {
        const { logGroup } = new VpcFlowLog(this, `Created-${flow.vpcId}`, { ...flow, surroundings });
        return subscribe(flow.vpcId, logGroup, { cluster: flow.cluster, format: flowFormat });
      }
      // A construct's id may not hold a slash, and a log group's name no space.
      const name = flow.logGroup.replaceAll('/', ' ');
      const logGroup = LogGroup.fromLogGroupName(this, `Imported ${name}`, flow.logGroup);
      return subscribe(name, logGroup, { cluster: flow.cluster, format: flow.format ?? flowFormat });
    });
    this.sources = Object.entries(sources).map(([written, source]) => ({ written, ...source }));
    analysis.addEnvironment(environment.flowSources, JSON.stringify(sources));
  }
}
