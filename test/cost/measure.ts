import { MemoryAlerts, MemoryFindings, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { flowFormat } from '../../shared/contract/logs.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import { decodeSubscription } from '../../shared/intake/subscription.ts';
import { siteOf } from '../../shared/model/site.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { KnownUnions } from '../../shared/state/known-unions.ts';
import { prepareRecomputation } from '../../shared/state/recompute.ts';
import { notify, triage, type TriagePorts } from '../../shared/triage/triage.ts';
import { Meter } from '../bench/meter.ts';
import { MeteredAlerts, MeteredFindings } from './metered-findings.ts';
import { MeteredState } from './metered-state.ts';
import type { Delivery } from './payloads.ts';
import { RoundTrips } from './round-trips.ts';

/** What a stretch of log used. */
export interface Usage {
  /** Lines logged, delivered or not. */
  events: number;
  bytes: number;
  /** Invocations of analyse-audit. */
  payloads: number;
  /** Processor seconds of the analysis on this machine, with what the counting takes: more than the analysis needs. */
  seconds: number;
  /** Round trips that followed one another, over all payloads. */
  trips: number;
  /** Payloads with findings: each wakes triage. */
  withFindings: number;
  /** Payloads whose findings have an alert told, which alone wakes notify. */
  withOrders: number;
  /** Alerts that were told. */
  told: number;
  /** The state table, as the analysis uses it. */
  readonly state: Meter;
  /** Both tables, as findings, triage and notify use them. */
  readonly telling: Meter;
}

const site = siteOf({ networks: { vpc: ['10.0.0.0/8'] } });
const region = 'eu-central-1';
const flowSources = { '/vpc/quay/flow': { cluster: 'quay', format: flowFormat } };

/** A deployment of one warm process, on stores that count; on the table of another, where that is given. */
export class Deployment {
  readonly state: MeteredState;
  private readonly memory: MemoryState;
  private readonly trips = new RoundTrips();
  private readonly recorded = new MemoryFindings();
  private readonly findings = new MeteredFindings(this.recorded, new Meter(), this.trips);
  private readonly alerts = new MeteredAlerts(new MemoryAlerts(), new Meter());
  private readonly pipeline: Pipeline;
  private readonly triagePorts: TriagePorts;

  constructor(other?: Deployment) {
    this.memory = other?.memory ?? new MemoryState();
    this.state = new MeteredState(this.memory, new Meter(), this.trips);
    this.triagePorts = { alerts: this.alerts, settings: new MemorySettings(), state: new KnownUnions(this.state) };
    this.pipeline = new Pipeline(catalogue, { state: this.state, findings: this.findings, site });
  }

  /** Judges deliveries and counts what that takes, on top of what others took. */
  async replay(deliveries: Iterable<Delivery>, usage = noUsage()): Promise<Usage> {
    const before = this.trips.passed - usage.trips;
    for (const { data, events, bytes } of deliveries) {
      usage.events += events;
      usage.bytes += bytes;
      if (data === undefined) continue;
      usage.payloads += 1;
      this.state.meter = usage.state;
      this.findings.meter = this.alerts.meter = usage.telling;
      const begun = process.cpuUsage();
      await this.pipeline.analyse(decodeSubscription(data, region, flowSources));
      const { user, system } = process.cpuUsage(begun);
      usage.seconds += (user + system) / 1e6;
      usage.trips = this.trips.passed - before;
      await this.tell(usage);
    }
    return usage;
  }

  /** What the night after it writes of what was counted, which is the more the more was logged. */
  async night(until: number, usage: Usage): Promise<void> {
    this.state.meter = usage.state;
    const taken = this.trips.passed;
    await prepareRecomputation(catalogue, until, this.state, () => Infinity);
    this.trips.passed = taken;
  }

  private async tell(usage: Usage): Promise<void> {
    const groups = this.recorded.takeFresh();
    if (groups.length === 0) return;
    usage.withFindings += 1;
    this.state.meter = usage.telling;
    const taken = this.trips.passed;
    const teller = { tell: () => Promise.resolve() };
    const toldBefore = usage.told;
    for (const group of groups)
      for (const alert of await triage(group, catalogue, this.triagePorts)) if (await notify(alert, teller, this.alerts)) usage.told += 1;
    if (usage.told > toldBefore) usage.withOrders += 1;
    // The analysis does not wait for triage.
    this.trips.passed = taken;
  }
}

/** Nothing was used yet. */
export function noUsage(): Usage {
  return {
    events: 0,
    bytes: 0,
    payloads: 0,
    seconds: 0,
    trips: 0,
    withFindings: 0,
    withOrders: 0,
    told: 0,
    state: new Meter(),
    telling: new Meter(),
  };
}
