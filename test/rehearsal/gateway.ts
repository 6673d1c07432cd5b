import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { callOf, type Call, type Realm, type Wire } from './calls.ts';
import type { Permissions } from './permissions.ts';

/** What a local server answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Something that answers a service's calls: a server elsewhere, or a function here. */
export type Backend = string | ((call: Call, wire: Wire) => Answer);

/** Who signs with an access key: a function and its role. */
export interface Signer {
  readonly who: string;
  readonly role: string;
}

/**
 * The one endpoint that functions have for all of AWS. Each call is read, held against the role of the function that
 * signed it, noted, and handed to the local server of its service. What IAM would refuse is refused here.
 */
export class Gateway {
  private readonly server: Server;
  private readonly permissions: Permissions;
  private readonly realm: Realm;
  private readonly signers: ReadonlyMap<string, Signer>;
  private readonly backends: Readonly<Record<string, Backend>>;
  /** A service that is away: its calls are allowed and fail. */
  outage: string | undefined;
  /** Requests that could not be read: they fail the rehearsal. */
  readonly troubles: string[] = [];

  private constructor(
    realm: Realm,
    permissions: Permissions,
    signers: ReadonlyMap<string, Signer>,
    backends: Gateway['backends'],
    server: Server,
  ) {
    this.realm = realm;
    this.permissions = permissions;
    this.signers = signers;
    this.backends = backends;
    this.server = server;
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { method = 'GET', url = '/', headers } = request;
        const wire = { method, url, headers, bytes, body: bytes.toString('utf8') };
        void this.answer(wire).then(({ status, headers, body: answered }) => response.writeHead(status, headers).end(answered));
      });
    });
  }

  /** Listens on a server that may have been opened before, so that its address could be written into queue URLs. */
  static on(
    server: Server,
    {
      realm,
      permissions,
      signers,
      backends,
    }: {
      readonly realm: Realm;
      readonly permissions: Permissions;
      readonly signers: ReadonlyMap<string, Signer>;
      readonly backends: Readonly<Record<string, Backend>>;
    },
  ): Gateway {
    return new Gateway(realm, permissions, signers, backends, server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(wire: Wire): Promise<Answer> {
    try {
      const call = callOf(wire, this.realm);
      const signer = this.signers.get(call.signer);
      if (signer === undefined) throw new Error(`nobody has the access key ${call.signer}`);
      const allowed = call.needs.map((need) => this.permissions.asRole(signer.role, signer.who, need)).every((each) => each);
      if (!allowed) return denied(call, signer);
      if (call.service === this.outage) return { status: 500, headers: json, body: JSON.stringify({ __type: 'InternalServerError' }) };
      const backend = this.backends[`${call.service}:${call.operation}`] ?? this.backends[call.service];
      if (backend === undefined) throw new Error(`nothing answers for ${call.service}:${call.operation}`);
      return typeof backend === 'string' ? await forwarded(backend, wire) : backend(call, wire);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.troubles.push(why);
      return { status: 500, headers: json, body: JSON.stringify({ __type: 'InternalFailure', message: why }) };
    }
  }
}

const json = { 'content-type': 'application/x-amz-json-1.0' };

function denied({ operation, service }: Call, { who }: Signer): Answer {
  const message = `${who} is not authorized to perform: ${service}:${operation}`;
  return { status: 400, headers: json, body: JSON.stringify({ __type: 'AccessDeniedException', message }) };
}

async function forwarded(backend: string, { method, url, headers, body }: Wire): Promise<Answer> {
  const response = await fetch(new URL(url, backend), {
    method,
    headers: kept(headers),
    ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
  });
  const { status } = response;
  const type = response.headers.get('content-type');
  const checksum = response.headers.get('x-amz-crc32');
  return {
    status,
    headers: { ...(type === null ? {} : { 'content-type': type }), ...(checksum === null ? {} : { 'x-amz-crc32': checksum }) },
    body: await response.text(),
  };
}

/** Headers of the connection are the connection's own. */
function kept(headers: IncomingHttpHeaders | Wire['headers']): Record<string, string> {
  const own = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'accept-encoding']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (own.has(name) || value === undefined ? [] : [[name, String(value)]])),
  );
}

/** A server that listens and answers nothing yet. */
export async function openServer(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the gateway does not listen');
  return { server, url: `http://127.0.0.1:${String(address.port)}` };
}
