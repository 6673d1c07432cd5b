import { Arn, ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

import { environment } from '../shared/contract/environment.ts';
import { compiledLists, type ListSource } from '../shared/contract/site.ts';
import type { FailureStore } from './failure-store.ts';
import { Handler, keepFailures, type Surroundings } from './handler.ts';
import { pin } from './pinned.ts';

/** What {@link ListRefresh} needs. */
export interface ListRefreshProps {
  readonly sources: readonly ListSource[];
  readonly surroundings: Surroundings;
  readonly failures: FailureStore;
}

/** Lists of addresses that come from objects of S3: fetched on a schedule, and kept compiled for the functions that judge. */
export class ListRefresh extends Construct {
  readonly handler: Handler;
  readonly #bucket: Bucket;
  readonly #surroundings: Surroundings;

  constructor(scope: Construct, id: string, { sources, surroundings, failures }: ListRefreshProps) {
    super(scope, id);
    this.#surroundings = surroundings;
    this.#bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: surroundings.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: surroundings.removalPolicy,
    });
    pin(this.#bucket, 'ListBucket');
    Validations.of(this.#bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds one object that is made from lists the user has; one function writes it and those that judge read it.',
    });

    this.handler = new Handler(this, 'RefreshLists', {
      name: 'refresh-lists',
      description: 'Plimsoll: fetches lists of addresses, hourly',
      surroundings,
      // A table of all the internet's routes takes a gigabyte while it is read; more memory also buys processor time.
      memorySize: 2048,
      timeout: Duration.minutes(5),
      ...keepFailures(failures),
      environment: { [environment.listSources]: JSON.stringify(sources) },
    });
    const stack = Stack.of(this);
    const resources = [...new Set(sources.map(({ bucket, key }) => `${bucket}/${key}`))].map((resource) =>
      Arn.format({ service: 's3', region: '', account: '', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME }, stack),
    );
    this.handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
    this.grantRead(this.handler);
    this.#allow(this.handler, 's3:PutObject');
  }

  /** Lets a function read the compiled lists. */
  grantRead(handler: Handler): void {
    this.#allow(handler, 's3:GetObject');
    // Without it S3 does not tell an object that is not there yet from one that may not be read.
    handler.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.#bucket.bucketArn] }));
    this.#surroundings.key.allow(handler, 's3');
    handler.addEnvironment(environment.listBucket, this.#bucket.bucketName);
  }

  #allow(handler: Handler, action: string): void {
    handler.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [this.#bucket.arnForObjects(compiledLists.object)] }));
  }
}
