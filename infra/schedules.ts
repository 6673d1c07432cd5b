import { Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
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
  readonly proveLife: Handler;
  readonly refreshLists?: Handler | undefined;
  readonly enrol?: Handler | undefined;
  readonly baselines?: BaselineSchedule | undefined;
  /** Takes the invocations that Scheduler could not hand over. */
  readonly undelivered: IQueue;
}

/** The only clock of the pipeline: whatever needs to know the time is told it by a tick. */
export class Schedules extends Construct {
  readonly group: ScheduleGroup;
  readonly #role: Role;
  readonly #undelivered: IQueue;

  constructor(
    scope: Construct,
    id: string,
    { rollup, recompute, proveLife, refreshLists, enrol, baselines = { at: '02:30' }, undelivered }: SchedulesProps,
  ) {
    super(scope, id);
    const { account } = Stack.of(this);
    // Its name is always the same: one that outlived the stack would be in the way of the next.
    this.group = new ScheduleGroup(this, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
    this.#undelivered = undelivered;
    this.#role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': this.group.scheduleGroupArn } },
      }),
    });

    this.#add('Rollup', 'Plimsoll: a tick', rollup, ScheduleExpression.rate(Duration.minutes(5)), Duration.hours(1));
    this.#add('ProveLife', 'Plimsoll: a proof of life is written', proveLife, quarters, Duration.minutes(15));
    if (refreshLists !== undefined)
      this.#add('RefreshLists', 'Plimsoll: lists of addresses are fetched', refreshLists, hourly, Duration.hours(1));
    if (enrol !== undefined) this.#add('Enrol', 'Plimsoll: clusters are enrolled', enrol, hourly, Duration.hours(1));
    const [hour = '', minute = ''] = baselines.at.split(':').map((digits) => String(Number(digits)));
    const nightly = ScheduleExpression.cron({ hour, minute, timeZone: TimeZone.of(baselines.timeZone ?? 'Etc/UTC') });
    this.#add('RecomputeBaselines', 'Plimsoll: baselines are computed anew', recompute, nightly, Duration.hours(6));
    undelivered.grantSendMessages(this.#role);
  }

  /** Has a function look every five minutes at whether all is as it was deployed, of which it is told with every tick. */
  checkCoverage(handler: Handler, deployed: unknown): Schedule {
    const often = ScheduleExpression.rate(Duration.minutes(5));
    return this.#add('CheckCoverage', 'Plimsoll: is everything watched?', handler, often, Duration.minutes(10), { deployed });
  }

  #add(
    name: string,
    description: string,
    handler: Handler,
    when: ScheduleExpression,
    lifetime: Duration,
    told: Readonly<Record<string, unknown>> = {},
  ): Schedule {
    this.#role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }));
    return new Schedule(this, name, {
      description,
      schedule: when,
      scheduleGroup: this.group,
      target: new LambdaInvoke(handler, {
        // CDK would add every version and alias of the function to the role.
        role: this.#role.withoutPolicyUpdates(),
        deadLetterQueue: this.#undelivered,
        retryAttempts: 10,
        maxEventAge: lifetime,
        input: ScheduleTargetInput.fromObject({ tick: true, time: ContextAttribute.scheduledTime, ...told }),
      }),
    });
  }
}

const quarters = ScheduleExpression.cron({ minute: '0/15', timeZone: TimeZone.ETC_UTC });
const hourly = ScheduleExpression.rate(Duration.hours(1));
