import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Fixes the logical id of a resource that holds state. CloudFormation replaces what changes its logical id, and a
 * construct's id changes whenever somebody moves or renames it: a refactoring must never cost the baselines.
 */
export function pin(construct: IConstruct, logicalId: string): void {
  (construct.node.defaultChild as CfnResource).overrideLogicalId(logicalId);
}
