import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

import type { Watched } from './watchlist.ts';

/** What {@link Alarms} needs. */
export interface AlarmsProps {
  readonly watchlist: readonly Watched[];
  readonly topics: readonly ITopic[];
  /** Where alarms go that are for operations only. */
  readonly operations: ITopic;
  /** Where the runbooks are, without a slash at the end. */
  readonly runbookUrl?: string | undefined;
}

/** One alarm for each thing on the watchlist; its text ends with the page that says what to do. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { watchlist, topics, operations, runbookUrl = 'docs/runbooks' }: AlarmsProps) {
    super(scope, id);
    const all = topics.map((topic) => new SnsAction(topic));
    const onlyOperations = [new SnsAction(operations)];
    this.all = watchlist.map(({ id: name, metric, threshold, says, runbook, periods = 1, silence = false, operationsOnly = false }) => {
      const alarm = new Alarm(this, name, {
        metric,
        threshold,
        evaluationPeriods: periods,
        alarmDescription: `${says} ${runbookUrl}/${runbook}.md`,
        comparisonOperator: silence ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: silence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      const actions = operationsOnly ? onlyOperations : all;
      alarm.addAlarmAction(...actions);
      alarm.addOkAction(...actions);
      return alarm;
    });
  }
}
