import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

import { metrics } from '../shared/contract/metrics.ts';
import { bundling, entryOf, project } from './bundle.ts';
import type { DataKey } from './data-key.ts';
import type { FailureStore } from './failure-store.ts';

/** The functions of the pipeline: each is `functions/<name>.ts`. */
export type HandlerName =
  | 'analyse-audit'
  | 'analyse-flow'
  | 'analyse-api'
  | 'analyse-signals'
  | 'rollup'
  | 'recompute-baselines'
  | 'refresh-lists'
  | 'prove-life'
  | 'check-coverage'
  | 'enrol'
  | 'triage'
  | 'notify'
  | 'deliver';

/** What every function needs from its surroundings. */
export interface Surroundings {
  readonly key: DataKey;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** What {@link Handler} needs; anything else of a function may be overridden. */
export interface HandlerProps extends Partial<NodejsFunctionProps> {
  readonly name: HandlerName;
  /** Which of several functions with the same code. */
  readonly instance?: string;
  readonly surroundings: Surroundings;
  readonly description: string;
}

/** One function of the pipeline, with a role of its own that may write to its own log group and nothing more. */
export class Handler extends NodejsFunction {
  /** By which its metrics and alarms go. */
  readonly handlerName: string;

  constructor(scope: Construct, id: string, { name, instance, surroundings, environment, ...overrides }: HandlerProps) {
    const handlerName = instance === undefined ? name : `${name}-${instance}`;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: surroundings.logRetention,
      encryptionKey: surroundings.key,
      removalPolicy: surroundings.removalPolicy,
    });
    // A role given to a function gets no managed policy; the usual one could write to every log group of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      entry: entryOf(name),
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(60),
      role,
      logGroup,
      bundling,
      ...project,
      ...overrides,
      environment: {
        // The namespace and the only dimension of the metrics that the alarms watch.
        POWERTOOLS_METRICS_NAMESPACE: metrics.namespace,
        POWERTOOLS_SERVICE_NAME: handlerName,
        ...environment,
      },
    });
    this.handlerName = handlerName;
  }
}

/** For functions that are invoked asynchronously: what Lambda does with an event that the function failed on. */
export function keepFailures(store: FailureStore) {
  return { onFailure: store, retryAttempts: 2, maxEventAge: Duration.hours(6) };
}
