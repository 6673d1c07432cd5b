import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** A client of Lambda that waits for a function's answer; a busy function is asked again. */
export function lambdaClient(region: string | undefined): LambdaClient {
  const requestHandler = { requestTimeout: 150_000, connectionTimeout: 2_000 };
  return new LambdaClient({ maxAttempts: 8, requestHandler, ...(region === undefined ? {} : { region }) });
}

/** Invokes a function and waits. Throws where it failed, with what it said. */
export async function callFunction(client: LambdaClient, name: string, event: unknown): Promise<void> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: name, InvocationType: 'RequestResponse', Payload: Buffer.from(JSON.stringify(event)) }),
  );
  if (FunctionError !== undefined)
    throw new Error(
      `${name} failed: ${Buffer.from(Payload ?? [])
        .toString()
        .slice(0, 500)}`,
    );
}
