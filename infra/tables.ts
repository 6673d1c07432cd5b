import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import { environment } from '../shared/contract/environment.ts';
import { keys, settingsPartitions } from '../shared/contract/tables.ts';
import type { DataKey } from './data-key.ts';
import type { Handler } from './handler.ts';
import { pin } from './pinned.ts';

/** What {@link Tables} needs. */
export interface TablesProps {
  readonly key: DataKey;
  readonly removalPolicy: RemovalPolicy;
  /** Off only where the user asked for tables to go with the stack. */
  readonly deletionProtection: boolean;
}

/**
 * Everything Plimsoll remembers. CDK's newer `TableV2` cannot have a key of ours in a stack that is not tied to a Region,
 * hence `Table`. A grant is permission and environment in one, so that neither comes
 * without the other.
 */
export class Tables extends Construct {
  /** Baselines and the entity graph. */
  readonly state: Table;
  /** Findings and alerts; its stream drives triage and notify. */
  readonly findings: Table;
  /** Suppressions, staged detections and limits: few items, written by people and by nothing in this stack. */
  readonly settings: Table;
  readonly #key: DataKey;

  constructor(scope: Construct, id: string, { key, ...protection }: TablesProps) {
    super(scope, id);
    this.#key = key;
    const common: TableProps = {
      partitionKey: { name: keys.partition, type: AttributeType.STRING },
      sortKey: { name: keys.sort, type: AttributeType.STRING },
      timeToLiveAttribute: keys.expires,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...protection,
    };
    this.state = new Table(this, 'State', common);
    this.findings = new Table(this, 'Findings', { ...common, stream: StreamViewType.NEW_AND_OLD_IMAGES });
    this.settings = new Table(this, 'Settings', common);
    pin(this.state, 'StateTable');
    pin(this.findings, 'FindingsTable');
    pin(this.settings, 'SettingsTable');
  }

  /** Reads baselines and teaches them. */
  grantState(handler: Handler): void {
    this.#grant(handler, this.state, environment.stateTable, ['BatchGetItem', 'GetItem', 'Query', 'BatchWriteItem', 'UpdateItem']);
  }

  /** Also goes through everything, to compute baselines anew. */
  grantRecomputeState(handler: Handler): void {
    this.grantState(handler);
    this.#grant(handler, this.state, environment.stateTable, ['Scan']);
  }

  /** Joins the progress of sequences into the state and reads what came of it. */
  grantJoinState(handler: Handler): void {
    this.#grant(handler, this.state, environment.stateTable, ['BatchGetItem', 'GetItem', 'UpdateItem']);
  }

  /** Reads documents of the state, such as when what was not seen. */
  grantReadDocuments(handler: Handler): void {
    this.#grant(handler, this.state, environment.stateTable, ['Query']);
  }

  /** Records findings, and reads none: a function that parses hostile input learns nothing from this table. */
  grantRecordFindings(handler: Handler): void {
    this.#grant(handler, this.findings, environment.findingsTable, ['PutItem']);
  }

  /** Reads alerts and replaces them. */
  grantAlerts(handler: Handler): void {
    this.#grant(handler, this.findings, environment.findingsTable, ['GetItem', 'PutItem']);
  }

  /** Remembers which message of a channel is about which alert, and reaches nothing else of the table. */
  grantPosts(handler: Handler): void {
    const conditions = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['post#*'] } };
    this.#grant(handler, this.findings, environment.findingsTable, ['GetItem', 'PutItem'], conditions);
  }

  /** Reads of what nobody is told. */
  grantReadSuppressions(handler: Handler): void {
    this.#grantReadSettings(handler, [settingsPartitions.suppressions]);
  }

  /** Reads the limits that people set, and not what they silenced: a function that parses hostile input need not know. */
  grantReadLimits(handler: Handler): void {
    this.#grantReadSettings(handler, [settingsPartitions.limits]);
  }

  /** Reads everything that people decided, to say what ends. */
  grantReadDecisions(handler: Handler): void {
    this.#grantReadSettings(handler, Object.values(settingsPartitions));
  }

  #grantReadSettings(handler: Handler, partitions: string[]): void {
    // Source: Amazon DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control".
    const conditions = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': partitions } };
    this.#grant(handler, this.settings, environment.settingsTable, ['Query'], conditions);
  }

  #grant(
    handler: Handler,
    table: Table,
    variable: string,
    operations: string[],
    conditions?: Record<string, Record<string, string[]>>,
  ): void {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    handler.addToRolePolicy(
      new PolicyStatement({ actions, resources: [table.tableArn], ...(conditions === undefined ? {} : { conditions }) }),
    );
    this.#key.allow(handler, 'dynamodb');
    handler.addEnvironment(variable, table.tableName);
  }
}
