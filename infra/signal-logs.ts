import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { environment } from '../shared/contract/environment.ts';
import type { SignalSource } from '../shared/contract/logs.ts';
import { Analysis, type AnalysisSurroundings } from './analysis.ts';
import type { Surroundings } from './handler.ts';
import { LogSubscription } from './log-subscription.ts';
import type { Signals } from './signal-settings.ts';
import { signalFilters } from './subscription-pattern.ts';

/** What {@link SignalLogs} needs. */
export interface SignalLogsProps extends AnalysisSurroundings {
  readonly signals: readonly Signals[];
  readonly surroundings: Surroundings;
}

/** The log groups that Falco and auditd write to, and the function that judges their lines; it rejects a line from any other group as foreign. */
export class SignalLogs extends Construct {
  readonly analysis: Analysis;
  readonly subscriptions: readonly LogSubscription[];

  constructor(scope: Construct, id: string, { signals, ...judging }: SignalLogsProps) {
    super(scope, id);
    const sources = Object.fromEntries(
      signals.map(({ logGroup, cluster, from, keys }): [string, SignalSource] => [
        logGroup,
        { cluster, from, ...(keys === undefined ? {} : { keys }) },
      ]),
    );
    this.analysis = new Analysis(this, 'AnalyseSignals', {
      name: 'analyse-signals',
      description: 'Plimsoll: judges what Falco and auditd report',
      ...judging,
      environment: { [environment.signalSources]: JSON.stringify(sources) },
    });
    this.subscriptions = signals.map(({ logGroup, cluster, from }) => {
      // A construct's id may not hold a slash, and a log group's name no space.
      const name = logGroup.replaceAll('/', ' ');
      return new LogSubscription(this, name, {
        logGroup: LogGroup.fromLogGroupName(this, `Imported ${name}`, logGroup),
        filters: signalFilters,
        taker: this.analysis,
        label: `${from} of ${cluster} (${name})`,
        mayBeSilent: true,
      });
    });
  }
}
