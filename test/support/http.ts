import { createServer, type Server, type ServerResponse } from 'node:http';

/** A request that a local server got. */
interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** How a local server answers; `hang` never does. */
type Reply = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } | 'hang';

/** An HTTP server that answers as it is told and remembers what it was asked. */
export class LocalHttp {
  readonly received: Received[] = [];
  /** Replies to come, one for each request; then `usual`. */
  script: Reply[] = [];
  usual: Reply | ((request: Received) => Reply);
  private readonly server: Server;
  private readonly hanging = new Set<ServerResponse>();

  private constructor(usual: LocalHttp['usual']) {
    this.usual = usual;
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const received: Received = { path: request.url ?? '', headers: request.headers, body };
        this.received.push(received);
        const reply = this.script.shift() ?? (typeof this.usual === 'function' ? this.usual(received) : this.usual);
        if (reply === 'hang') this.hanging.add(response);
        else response.writeHead(reply.status, reply.headers).end(reply.body);
      });
    });
  }

  static async start(usual: LocalHttp['usual']): Promise<LocalHttp> {
    const local = new LocalHttp(usual);
    await new Promise<void>((resolve) => local.server.listen(0, '127.0.0.1', resolve));
    return local;
  }

  get url(): string {
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
    return `http://127.0.0.1:${String(address.port)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
