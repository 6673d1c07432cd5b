import { Annotations, RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

import { mailboxesOf } from './channel-settings.ts';
import type { Configuration } from './config.ts';
import { Coverage } from './coverage.ts';
import { DataKey } from './data-key.ts';
import { FailureStore } from './failure-store.ts';
import { Observation } from './observation.ts';
import { Pipeline } from './pipeline.ts';
import { Tables } from './tables.ts';
import { Topics } from './topics.ts';

/** What {@link PlimsollStack} needs. */
export interface PlimsollStackProps extends StackProps {
  readonly configuration: Configuration;
}

/** Plimsoll in one account and Region: what it remembers, what it does, whom it tells, and who watches over it. */
export class PlimsollStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, ...props }: PlimsollStackProps) {
    super(scope, id, { description: 'Plimsoll: detection of adversaries on Amazon EKS', ...props });
    const { alerts, operations, logRetentionDays = RetentionDays.ONE_MONTH, removal = 'retain', tags = {} } = configuration;
    for (const [name, value] of Object.entries(tags)) Tags.of(this).add(name, value);
    const mailboxes = mailboxesOf(alerts.channels);
    const operationsEmails = operations?.emails ?? [];
    if (mailboxes.length + operationsEmails.length === 0)
      Annotations.of(this).addWarningV2('plimsoll:nobody-operates', 'Nobody hears an alarm: give operations.emails.');

    const removalPolicy = removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const key = new DataKey(this, 'Key', { removalPolicy });
    const tables = new Tables(this, 'Tables', { key, removalPolicy, deletionProtection: removal === 'retain' });
    const failures = new FailureStore(this, 'Failures', { key, removalPolicy });
    const topics = new Topics(this, 'Topics', { key, mailboxes, operationsEmails });
    const surroundings = { key, logRetention: logRetentionDays, removalPolicy };
    const pipeline = new Pipeline(this, 'Pipeline', { configuration, surroundings, tables, failures, topics });
    const coverage = new Coverage(this, 'Coverage', { configuration, surroundings, tables, failures, pipeline });
    new Observation(this, 'Observation', { configuration, pipeline, coverage, tables, topics });
  }
}
