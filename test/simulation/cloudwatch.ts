import { gzipSync } from 'node:zlib';
import { account } from './identity.ts';
import { Random } from './random.ts';

/** A batch of one log stream as a CloudWatch Logs subscription delivers it. */
export interface DataMessage {
  readonly messageType: 'DATA_MESSAGE';
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly subscriptionFilters: readonly string[];
  readonly logEvents: readonly { readonly id: string; readonly timestamp: number; readonly message: string }[];
}

/** `times` are milliseconds, one for each message. */
export function dataMessage(logGroup: string, logStream: string, messages: readonly string[], times: readonly number[]): DataMessage {
  // CloudWatch's ids hold a time in their upper bits and count up within a batch.
  const first = (BigInt(times[0] ?? 0) << 144n) + BigInt(`0x${new Random(`${logStream}/${String(times[0])}`).hex(24)}`);
  return {
    messageType: 'DATA_MESSAGE',
    owner: account,
    logGroup,
    logStream,
    subscriptionFilters: ['plimsoll'],
    logEvents: messages.map((message, at) => ({
      id: String(first + BigInt(at)).padStart(56, '0'),
      timestamp: times[at] ?? 0,
      message,
    })),
  };
}

/** `awslogs.data` of a Lambda event: the batch, gzipped and base64 encoded. */
export function subscriptionPayload(logGroup: string, logStream: string, messages: readonly string[], times: readonly number[]): string {
  return gzipSync(JSON.stringify(dataMessage(logGroup, logStream, messages, times))).toString('base64');
}
