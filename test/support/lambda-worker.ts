import { parentPort, workerData } from 'node:worker_threads';
import type { Invocation } from './lambda.ts';

/* Runs one bundle as Lambda does: a module that exports `handler`, an environment of its own, one event at a time. */

const { bundle, name } = workerData as { bundle: string; name: string };
const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<unknown> };

parentPort?.on('message', ({ id, event, milliseconds }: Invocation) => {
  const deadline = Date.now() + milliseconds;
  const context = {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:111122223333:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: `request-${String(id)}`,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  handler(event, context).then(
    (result) => parentPort?.postMessage({ id, result }),
    (error: unknown) => parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
parentPort?.postMessage('ready');
