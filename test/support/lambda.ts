import { Worker } from 'node:worker_threads';
import type { BuiltFunction } from './stack.ts';

/** What the worker is asked. */
export interface Invocation {
  readonly id: number;
  readonly event: unknown;
  readonly milliseconds: number;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** An execution environment of a function: its bundle in a thread with an environment of its own. */
export class LambdaFunction {
  readonly name: string;
  private readonly worker: Worker;
  private readonly milliseconds: number;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private output = '';
  private invocations = 0;
  private turn: Promise<unknown>;

  constructor({ name, bundle, environment, seconds }: BuiltFunction, extra: Readonly<Record<string, string>>) {
    this.name = name;
    this.milliseconds = seconds * 1_000;
    this.worker = new Worker(new URL('./lambda-worker.ts', import.meta.url), {
      workerData: { bundle, name },
      env: { ...extra, ...environment },
      stdout: true,
      stderr: true,
    });
    for (const stream of [this.worker.stdout, this.worker.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    const ready = Promise.withResolvers<unknown>();
    this.turn = ready.promise;
    this.worker.on('error', ready.reject);
    this.worker.on('message', (message: Answer | 'ready') => {
      if (message === 'ready') ready.resolve(undefined);
      else this.waiting.get(message.id)?.(message);
    });
  }

  /** Invokes the function; rejects where its handler does. Events wait for their turn, as they would for an environment. */
  invoke(event: unknown): Promise<unknown> {
    const invocation = this.turn.then(async () => {
      const id = (this.invocations += 1);
      const answered = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
      this.worker.postMessage({ id, event, milliseconds: this.milliseconds } satisfies Invocation);
      const { result, error } = await answered;
      this.waiting.delete(id);
      if (error !== undefined) throw new Error(error);
      return result;
    });
    this.turn = invocation.catch(() => undefined);
    return invocation;
  }

  /** What the function wrote. Lines may still be on their way when an invocation has ended. */
  log(): string {
    return this.output;
  }

  /** The sum of a metric over all invocations, from the log in embedded metric format. */
  metric(metric: string): number {
    return this.output
      .split('\n')
      .filter((line) => line.includes('"CloudWatchMetrics"'))
      .map((line) => (JSON.parse(line) as Record<string, unknown>)[metric])
      .flatMap((value) => value ?? [])
      .reduce<number>((sum, value) => sum + Number(value), 0);
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}
