import type { ApiRequest, AuditLine } from './audit.ts';
import type { AwsCall } from './api.ts';
import type { Micros } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { Connection } from './flow.ts';
import type { Random } from './random.ts';

/** One thing the intruder did, the records it left, and the behaviours of the detection catalogue it shows. */
export interface Step {
  readonly time: Micros;
  readonly what: string;
  readonly rows: readonly string[];
  /** `auditID`, `eventID`, or the whole line of a flow log. */
  readonly records: readonly string[];
}

/** Acts in the cluster and keeps the diary. It draws its own random numbers, so that daily life does not change its records. */
export class Intruder {
  readonly steps: Step[] = [];
  readonly random: Random;
  private readonly cluster: Cluster;

  constructor(cluster: Cluster, random: Random) {
    this.cluster = cluster;
    this.random = random;
  }

  ask(request: ApiRequest): readonly AuditLine[] {
    const at = request.at + this.random.int(2_000, 900_000);
    return this.cluster.request({ ...request, at }, this.random);
  }

  /** One step of several requests. */
  askAll(what: string, rows: readonly string[], requests: readonly ApiRequest[]): void {
    const records = requests.flatMap((request) =>
      this.ask(request)
        .slice(0, 1)
        .map(({ id }) => id),
    );
    this.note(requests[0]?.at ?? 0, what, rows, records);
  }

  connectAll(what: string, rows: readonly string[], connections: readonly Connection[]): void {
    const lines = connections.flatMap((connection) => this.cluster.connect(connection)).map(({ line }) => line);
    this.note(connections[0]?.at ?? 0, what, rows, lines);
  }

  call(what: string, rows: readonly string[], call: AwsCall): void {
    this.note(call.at, what, rows, [this.cluster.call(call, this.random).id]);
  }

  note(time: Micros, what: string, rows: readonly string[], records: readonly string[]): void {
    this.steps.push({ time, what, rows, records });
  }
}
