import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** A request that went through, and how many followed one another up to it. */
export interface Passed {
  readonly action: string;
  readonly body: string;
  readonly depth: number;
  /** When its answer was back, on the clock of `performance`. */
  readonly done: number;
}

/** Stands before a service and lets every request wait, both ways together so many milliseconds. */
export class WaitingProxy {
  delay = 0;
  passed: Passed[] = [];
  private readonly server: Server;
  private reached = 0;

  private constructor(upstream: string) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const depth = this.reached + 1;
        const body = Buffer.concat(chunks);
        const headers = Object.fromEntries(
          Object.entries(request.headers).flatMap(([name, value]) =>
            value === undefined || ['host', 'connection', 'content-length'].includes(name) ? [] : [[name, String(value)]],
          ),
        );
        const pass = async (): Promise<void> => {
          await wait(this.delay);
          const answer = await fetch(new URL(request.url ?? '/', upstream), { method: request.method ?? 'POST', headers, body });
          const bytes = Buffer.from(await answer.arrayBuffer());
          this.reached = Math.max(this.reached, depth);
          const action = String(request.headers['x-amz-target'] ?? 'Publish').replace(/.*\./, '');
          this.passed.push({ action, body: body.toString('utf8'), depth, done: performance.now() });
          const kept = [...answer.headers].filter(
            ([name]) => !['content-encoding', 'content-length', 'connection', 'transfer-encoding'].includes(name),
          );
          response.writeHead(answer.status, Object.fromEntries(kept)).end(bytes);
        };
        void pass().catch(() => response.destroy());
      });
    });
  }

  static async before(upstream: string): Promise<WaitingProxy> {
    const proxy = new WaitingProxy(upstream);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${String(address.port)}` : '';
  }

  /** Begins to count anew. */
  begin(): void {
    this.passed = [];
    this.reached = 0;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
