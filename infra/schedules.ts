import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import type { BaselineSchedule } from './config.ts';
import type { Handler } from './handler.ts';

/** What {@link Schedules} needs. */
export interface SchedulesProps {
  readonly rollup: Handler;
  readonly recompute: Handler;
  readonly refreshLists?: Handler | undefined;
  readonly enrol?: Handler | undefined;
  readonly baselines?: BaselineSchedule | undefined;
  /** Takes the invocations that Scheduler could not hand over. */
  readonly undelivered: IQueue;
}

/** The only clock of the pipeline: whatever needs to know the time is told it by a tick. */
export class Schedules extends Construct {
  readonly group: ScheduleGroup;

  constructor(
    scope: Construct,
    id: string,
    { rollup, recompute, refreshLists, enrol, baselines = { at: '02:30' }, undelivered }: SchedulesProps,
  ) {
    super(scope, id);
    const { account } = Stack.of(this);
    this.group = new ScheduleGroup(this, 'Group');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': this.group.scheduleGroupArn } },
      }),
    });
    const resources = [rollup, recompute, ...(refreshLists ? [refreshLists] : []), ...(enrol ? [enrol] : [])].map(
      ({ functionArn }) => functionArn,
    );
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
    undelivered.grantSendMessages(role);

    const schedule = (name: string, description: string, handler: Handler, when: ScheduleExpression, lifetime: Duration) =>
      new Schedule(this, name, {
        description,
        schedule: when,
        scheduleGroup: this.group,
        target: new LambdaInvoke(handler, {
          // CDK would add every version and alias of the function to the role.
          role: role.withoutPolicyUpdates(),
          deadLetterQueue: undelivered,
          retryAttempts: 10,
          maxEventAge: lifetime,
          input: ScheduleTargetInput.fromObject({ tick: true, time: ContextAttribute.scheduledTime }),
        }),
      });

    schedule('Rollup', 'Plimsoll: a tick', rollup, ScheduleExpression.rate(Duration.minutes(5)), Duration.hours(1));
    if (refreshLists !== undefined)
      schedule(
        'RefreshLists',
        'Plimsoll: lists of addresses are fetched',
        refreshLists,
        ScheduleExpression.rate(Duration.hours(1)),
        Duration.hours(1),
      );
    if (enrol !== undefined)
      schedule('Enrol', 'Plimsoll: clusters are enrolled', enrol, ScheduleExpression.rate(Duration.hours(1)), Duration.hours(1));
    const [hour = '', minute = ''] = baselines.at.split(':').map((digits) => String(Number(digits)));
    const nightly = ScheduleExpression.cron({ hour, minute, timeZone: TimeZone.of(baselines.timeZone ?? 'Etc/UTC') });
    schedule('RecomputeBaselines', 'Plimsoll: baselines are computed anew', recompute, nightly, Duration.hours(6));
  }
}
