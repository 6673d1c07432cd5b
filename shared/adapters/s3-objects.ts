import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Fetched } from '../lists/refreshing.ts';

/** Objects of S3: read when they changed, and written whole. */
export class S3Objects {
  private readonly client: S3Client;

  constructor(client: S3Client) {
    this.client = client;
  }

  /** Throws where there is no such object, or the role may not read it. */
  async read(bucket: string, key: string, known?: string): Promise<Fetched | 'unchanged'> {
    try {
      const answer = await this.client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, ...(known === undefined ? {} : { IfNoneMatch: known }) }),
      );
      if (answer.Body === undefined) throw new Error(`s3://${bucket}/${key} came without a body`);
      return {
        bytes: await answer.Body.transformToByteArray(),
        ...(answer.ETag === undefined ? {} : { version: answer.ETag }),
        ...(answer.LastModified === undefined ? {} : { changed: answer.LastModified.getTime() }),
      };
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 304) return 'unchanged';
      throw error;
    }
  }

  async write(bucket: string, key: string, bytes: Uint8Array): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: 'application/octet-stream' }));
  }
}

/** Whether a failure says that there is no such object. */
export function isAbsent(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'NoSuchKey';
}
