import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { expect, it, onTestFinished } from 'vitest';
import { LogStreamWriter } from '../../shared/adapters/log-stream.ts';
import { localCredentials, localRegion } from '../support/dynamodb.ts';
import { LocalHttp } from '../support/http.ts';

type Answer = Readonly<Record<string, unknown>>;
const absent = { __type: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' };
const present = { __type: 'ResourceAlreadyExistsException', message: 'The specified log stream already exists' };

/** Writes a line to a server that answers so, one after the other; what was asked of it, or why the line was not taken. */
async function writing(...answers: readonly Answer[]): Promise<readonly string[] | string> {
  const server = await LocalHttp.start({ status: 200, body: '{}' });
  onTestFinished(() => server.stop());
  server.script = answers.map((answer) => ({ status: '__type' in answer ? 400 : 200, body: JSON.stringify(answer) }));
  const client = new CloudWatchLogsClient({ endpoint: server.url, region: localRegion, credentials: localCredentials, maxAttempts: 1 });
  onTestFinished(() => {
    client.destroy();
  });
  try {
    await new LogStreamWriter(client, 'ours').write('/group', '{"a":1}', 7);
  } catch (error) {
    return String(error);
  }
  return server.received.map(({ headers, body }) => `${String(headers['x-amz-target']).replace(/^.*\./, '')} ${body}`);
}

const created = 'CreateLogStream {"logGroupName":"/group","logStreamName":"ours"}';
const put = 'PutLogEvents {"logGroupName":"/group","logStreamName":"ours","logEvents":[{"timestamp":7,"message":"{\\"a\\":1}"}]}';

it('a line is put into its stream', async () => {
  expect(await writing({})).toEqual([put]);
});

it('the stream is made at its first line, whoever makes it', async () => {
  expect(await writing(absent, {}, {})).toEqual([put, created, put]);
  expect(await writing(absent, present, {})).toEqual([put, created, put]);
});

it('a line that was not taken is told', async () => {
  expect(await writing(absent, absent)).toContain('ResourceNotFoundException');
  expect(await writing({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } })).toContain('tooOldLogEventEndIndex');
  expect(await writing({ __type: 'AccessDeniedException', message: 'no' })).toContain('AccessDeniedException');
});
