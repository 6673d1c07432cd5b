/*
 * A runtime: takes invocations from Lambda's runtime API, hands them to the bundle's handler, and says what came of them.
 * Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
 */

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const variable = (name: string): string => process.env[name] ?? '';
const runtime = `http://${variable('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime`;
const [file = '', exported = ''] = variable('_HANDLER').split('.');

async function post(path: string, body: unknown): Promise<void> {
  await fetch(`${runtime}/${path}`, { method: 'POST', body: JSON.stringify(body ?? null) });
}

function failure(error: unknown): unknown {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { errorType: name, errorMessage: message, stackTrace: [] };
}

async function load(): Promise<Handler> {
  const module = (await import(`${variable('LAMBDA_TASK_ROOT')}/${file}.mjs`)) as Readonly<Record<string, Handler | undefined>>;
  const handler = module[exported];
  if (handler === undefined) throw new Error(`${file} exports no ${exported}`);
  return handler;
}

async function serve(handler: Handler): Promise<void> {
  const next = await fetch(`${runtime}/invocation/next`);
  const header = (name: string): string => next.headers.get(`lambda-runtime-${name}`) ?? '';
  const id = header('aws-request-id');
  const context = {
    awsRequestId: id,
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: '$LATEST',
    invokedFunctionArn: header('invoked-function-arn'),
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    getRemainingTimeInMillis: () => Number(header('deadline-ms')) - Date.now(),
  };
  try {
    await post(`invocation/${id}/response`, await handler(await next.json(), context));
  } catch (error) {
    await post(`invocation/${id}/error`, failure(error));
  }
}

try {
  const handler = await load();
  for (;;) await serve(handler);
} catch (error) {
  await post('init/error', failure(error));
  process.exitCode = 1;
}
