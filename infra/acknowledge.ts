import { Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

/** Records why a wildcard in a function's role is meant; cdk-nag refuses every other one. */
export function acknowledgeWildcard(handler: IFunction, resource: string, reason: string): void {
  if (handler.role !== undefined) Validations.of(handler.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
