import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';

/** A function as the template has it. */
export interface Deployed {
  readonly name: string;
  readonly arn: string;
  /** Where its files are. */
  readonly asset: string;
  /** `file.export`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly megabytes: number;
}

interface Waiting {
  readonly event: unknown;
  readonly settle: (outcome: Outcome) => void;
}

type Outcome = { readonly result: unknown } | { readonly failure: string };

const bootstrap = fileURLToPath(new URL('./bootstrap.ts', import.meta.url));

/**
 * An execution environment: the unchanged bundle in a process of its own, with the environment and the memory of the
 * template, driven through the runtime API. One invocation at a time, as Lambda does it.
 */
export class Runtime {
  readonly deployed: Deployed;
  private readonly server: Server;
  private readonly extra: Readonly<Record<string, string>>;
  private process: ChildProcess | undefined;
  private polling: ServerResponse | undefined;
  private readonly queue: Waiting[] = [];
  private current: Waiting | undefined;
  private invocations = 0;
  private output = '';
  private stopping = false;

  private constructor(deployed: Deployed, extra: Readonly<Record<string, string>>) {
    this.deployed = deployed;
    this.extra = extra;
    this.server = createServer((request, response) => {
      void this.answer(request, response);
    });
  }

  static async start(deployed: Deployed, extra: Readonly<Record<string, string>>): Promise<Runtime> {
    const runtime = new Runtime(deployed, extra);
    await new Promise<void>((resolve) => runtime.server.listen(0, '127.0.0.1', resolve));
    return runtime;
  }

  /** Invokes the function; rejects where its handler does, or its process ends. */
  invoke(event: unknown): Promise<unknown> {
    this.process ??= this.spawn();
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome): void => {
        if ('failure' in outcome) reject(new Error(`${this.deployed.name}: ${outcome.failure}`));
        else resolve(outcome.result);
      };
      this.queue.push({ event, settle });
      this.next();
    });
  }

  /** What the function wrote: its log. */
  log(): string {
    return this.output;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.process?.kill('SIGKILL');
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private spawn(): ChildProcess {
    const { asset, environment, handler, megabytes, name } = this.deployed;
    const child = spawn(process.execPath, [`--max-old-space-size=${String(megabytes)}`, bootstrap], {
      env: {
        ...this.extra,
        ...environment,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${String(portOf(this.server))}`,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(megabytes),
        LAMBDA_TASK_ROOT: asset,
        _HANDLER: handler,
        TZ: ':UTC',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.once('exit', (code) => {
      this.process = undefined;
      this.polling = undefined;
      if (!this.stopping) this.finish({ failure: `the process ended with ${String(code)}: ${this.output.slice(-2_000)}` });
    });
    return child;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      this.polling = response;
      this.next();
      return;
    }
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    response.writeHead(202).end();
    const value = JSON.parse(body) as unknown;
    if (path.endsWith('/response')) this.finish({ result: value });
    else this.finish({ failure: (value as { errorMessage: string }).errorMessage });
  }

  private next(): void {
    if (this.polling === undefined || this.current !== undefined) return;
    const waiting = this.queue.shift();
    if (waiting === undefined) return;
    this.current = waiting;
    this.invocations += 1;
    const headers = {
      'lambda-runtime-aws-request-id': `00000000-0000-4000-8000-${String(this.invocations).padStart(12, '0')}`,
      'lambda-runtime-deadline-ms': String(Date.now() + this.deployed.seconds * 1_000),
      'lambda-runtime-invoked-function-arn': this.deployed.arn,
    };
    const polling = this.polling;
    this.polling = undefined;
    polling.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(waiting.event));
  }

  private finish(outcome: Outcome): void {
    const finished = this.current;
    this.current = undefined;
    finished?.settle(outcome);
    this.next();
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the runtime API does not listen');
  return address.port;
}
