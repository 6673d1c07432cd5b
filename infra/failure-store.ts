import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { DestinationConfig, IDestination, IEventSourceDlq, IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

import { acknowledgeWildcard } from './acknowledge.ts';
import type { DataKey } from './data-key.ts';
import { pin } from './pinned.ts';

const kept = Duration.days(30);

/**
 * Where Lambda puts what a function gave up on, to be run again (docs/runbooks/redrive.md). A bucket, because it takes
 * the whole payload: a queue is too small for an asynchronous invocation of up to 1 MB and its envelope, and for a
 * stream a queue gets the position of the records, not the records.
 */
export class FailureStore extends Bucket implements IDestination, IEventSourceDlq {
  readonly #key: DataKey;

  constructor(scope: Construct, id: string, { key, removalPolicy }: { readonly key: DataKey; readonly removalPolicy: RemovalPolicy }) {
    super(scope, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ expiration: kept, noncurrentVersionExpiration: kept, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy,
    });
    pin(this, 'FailureBucket');
    this.#key = key;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Only Lambda writes here and only operators read; access logs would need a second bucket that holds nothing else. Use CloudTrail data events where reads must be recorded.',
    });
  }

  /** Called by CDK when the bucket becomes a function's destination: lets that function add to it, and not read it. */
  bind(_source: unknown, handler: IFunction): DestinationConfig {
    // Source: Lambda developer guide, "Capturing records of Lambda asynchronous invocations", required permissions.
    handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.arnForObjects('*')] }));
    handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucketArn] }));
    this.#key.allow(handler, 's3');
    acknowledgeWildcard(
      handler,
      '<FailureBucket.Arn>/*',
      'Lambda chooses the key of each record it could not deliver; the role may only add objects, to this bucket only.',
    );
    return { destination: this.bucketArn };
  }
}
