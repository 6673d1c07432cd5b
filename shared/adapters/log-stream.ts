import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';

/** Writes lines to the log stream of one name, in whichever log group; the stream is made at its first line. */
export class LogStreamWriter {
  private readonly client: CloudWatchLogsClient;
  private readonly stream: string;

  constructor(client: CloudWatchLogsClient, stream: string) {
    this.client = client;
    this.stream = stream;
  }

  /** Rejects where the line was not taken, one that is too old or too new included. */
  async write(logGroupName: string, message: string, time: number): Promise<void> {
    const put = async (): Promise<void> => {
      // No sequence token: source: CloudWatch Logs API reference, "PutLogEvents".
      const { rejectedLogEventsInfo } = await this.client.send(
        new PutLogEventsCommand({ logGroupName, logStreamName: this.stream, logEvents: [{ timestamp: time, message }] }),
      );
      if (rejectedLogEventsInfo !== undefined) throw new Error(`the line was refused: ${JSON.stringify(rejectedLogEventsInfo)}`);
    };
    try {
      await put();
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      await this.create(logGroupName);
      await put();
    }
  }

  private async create(logGroupName: string): Promise<void> {
    await this.client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: this.stream })).catch((error: unknown) => {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    });
  }
}
