/* One execution environment of a built bundle, as a process of its own: what an invocation takes of the processor is all its own. */

const bundle = process.argv[2] ?? '';
const begun = performance.now();
const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<unknown> };
const imported = performance.now() - begun;
let invocations = 0;

process.on('message', (event: unknown) => {
  const before = invocations === 0 ? { user: 0, system: 0 } : process.cpuUsage();
  const started = performance.now() - (invocations === 0 ? imported : 0);
  const context = {
    functionName: 'latency',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:latency',
    memoryLimitInMB: '512',
    awsRequestId: `request-${String((invocations += 1))}`,
    getRemainingTimeInMillis: () => 120_000,
  };
  handler(event, context).then(
    (result) => {
      const after = process.cpuUsage();
      const cpu = (after.user + after.system - before.user - before.system) / 1_000;
      process.send?.({ result, cpu, wall: performance.now() - started });
    },
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.('ready');
