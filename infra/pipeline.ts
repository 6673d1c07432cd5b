import { Duration, Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';

import type { SiteSettings } from '../shared/contract/site.ts';
import { AddressListLayer } from './address-lists.ts';
import { Analysis } from './analysis.ts';
import { ApiEvents } from './api-events.ts';
import { AuditLogs } from './audit-logs.ts';
import { Channels } from './channels.ts';
import type { Configuration } from './config.ts';
import { Enrolment } from './enrolment.ts';
import type { FailureStore } from './failure-store.ts';
import { FindingsStream } from './findings-stream.ts';
import { EnrolledFlowLogs } from './flow-logs.ts';
import { Handler, type Surroundings } from './handler.ts';
import { Hub } from './hub.ts';
import { listsBySource } from './list-settings.ts';
import { ListRefresh } from './list-refresh.ts';
import { LogRelay } from './log-relay.ts';
import { destinationOf, type LogSubscription } from './log-subscription.ts';
import { ProofOfLife } from './proof-of-life.ts';
import { controlPlaneFilters } from './subscription-pattern.ts';
import { Recomputation } from './recomputation.ts';
import { Schedules } from './schedules.ts';
import { SignalLogs } from './signal-logs.ts';
import type { Tables } from './tables.ts';
import type { Topics } from './topics.ts';
import { Undelivered } from './undelivered.ts';

/** What {@link Pipeline} needs. */
export interface PipelineProps {
  readonly configuration: Configuration;
  readonly surroundings: Surroundings;
  readonly tables: Tables;
  readonly failures: FailureStore;
  readonly topics: Topics;
}

/** The functions in the order in which an event passes them, and what feeds each. It holds no state: that is in {@link Tables}. */
export class Pipeline extends Construct {
  /** Judge what sources deliver. */
  readonly analyses: readonly Analysis[];
  /** The one of them that reads flow logs. */
  readonly flow: Analysis;
  readonly rollup: Analysis;
  readonly recomputation: Recomputation;
  readonly triage: Handler;
  readonly notify: Handler;
  readonly channels: Channels;
  /** Where lists of addresses come from objects of S3. */
  readonly refreshLists: Handler | undefined;
  readonly proofOfLife: ProofOfLife;
  /** Where clusters are enrolled that the configuration does not name. */
  readonly enrol: Handler | undefined;
  readonly subscriptions: readonly LogSubscription[];
  /** What control planes and flow logs are subscribed by. */
  readonly takers: Readonly<Record<'audit' | 'flow', ReturnType<typeof destinationOf>>>;
  /** Data streams between log groups and functions, where the configuration asks for them. */
  readonly relays: readonly LogRelay[];
  readonly schedules: Schedules;
  readonly stream: FindingsStream;
  readonly undelivered: Undelivered;
  /** Where the lines of flow logs come from. */
  readonly flowSources: EnrolledFlowLogs['sources'];

  constructor(scope: Construct, id: string, { configuration, surroundings, tables, failures, topics }: PipelineProps) {
    super(scope, id);
    const { clusters, flowLogs = [], signals = [], filter = 'derived', alerts, baselines, highVolume = false } = configuration;
    const { enrolment: choice, spokes = [], identities = [], images, policiesKnown = [] } = configuration;
    const { lists: given, ...networks } = configuration.networks ?? {};
    const { files, sources } = listsBySource(given);
    const awaited = [...new Set(sources.map(({ kind }) => kind))];
    // What enrolment does to filters is judged by who it is: its role is there before anything else that it needs.
    const enroller = choice && { who: Lazy.string({ produce: () => this.enrol?.role?.roleArn }), duty: 'enrolment' as const };
    const site: SiteSettings = {
      networks,
      identities: enroller === undefined ? identities : [...identities, enroller],
      ...(images === undefined ? {} : { images }),
      ...(policiesKnown.length === 0 ? {} : { policiesKnown }),
      ...(awaited.length === 0 ? {} : { awaited }),
    };
    const lists = files.length === 0 ? undefined : new AddressListLayer(this, 'AddressLists', { files });
    const refresh = sources.length === 0 ? undefined : new ListRefresh(this, 'Lists', { sources, surroundings, failures });
    this.refreshLists = refresh?.handler;
    const judging = { surroundings, tables, failures, site, lists, refresh };

    const audit = new Analysis(this, 'AnalyseAudit', { name: 'analyse-audit', description: 'Plimsoll: judges EKS audit logs', ...judging });
    const flow = new Analysis(this, 'AnalyseFlow', { name: 'analyse-flow', description: 'Plimsoll: judges VPC flow logs', ...judging });
    // One event per invocation: nothing to inflate.
    const api = new Analysis(this, 'AnalyseApi', {
      name: 'analyse-api',
      description: 'Plimsoll: judges AWS API calls and GuardDuty findings',
      memorySize: 512,
      ...judging,
    });
    const signalLogs = signals.length === 0 ? undefined : new SignalLogs(this, 'Signals', { signals, ...judging });
    this.analyses = [audit, flow, api, ...(signalLogs === undefined ? [] : [signalLogs.analysis])];
    for (const each of this.analyses) tables.grantReadLimits(each);
    this.flow = flow;
    // A tick must be done before the next one comes.
    this.rollup = new Analysis(this, 'Rollup', {
      name: 'rollup',
      description: 'Plimsoll: judges closed windows on every tick',
      timeout: Duration.minutes(4),
      ...judging,
    });
    this.recomputation = new Recomputation(this, 'Recomputation', { surroundings, tables, failures });

    this.undelivered = new Undelivered(this, 'Undelivered');
    const relay = highVolume
      ? {
          audit: new LogRelay(this, 'AuditRelay', { handler: audit, surroundings, failures }),
          flow: new LogRelay(this, 'FlowRelay', { handler: flow, surroundings, failures }),
        }
      : undefined;
    if (relay !== undefined && spokes.length > 0) new Hub(this, 'Hub', { spokes, relay: relay.audit });
    this.takers = { audit: destinationOf(relay?.audit ?? audit), flow: destinationOf(relay?.flow ?? flow) };
    this.relays = relay === undefined ? [] : [relay.audit, relay.flow];
    const auditLogs = new AuditLogs(this, 'AuditLogs', { clusters, filter, taker: relay?.audit ?? audit });
    const enrolment = { clusters, filters: controlPlaneFilters(filter), taker: relay?.audit ?? audit, undelivered: this.undelivered };
    this.enrol = choice && new Enrolment(this, 'Enrolment', { choice, ...enrolment, surroundings, failures }).handler;
    const enrolled = new EnrolledFlowLogs(this, 'FlowLogs', { flowLogs, analysis: flow, taker: relay?.flow ?? flow, surroundings });
    this.flowSources = enrolled.sources;
    this.subscriptions = [...auditLogs.subscriptions, ...enrolled.subscriptions, ...(signalLogs?.subscriptions ?? [])];
    new ApiEvents(this, 'ApiEvents', { analysis: api, undelivered: this.undelivered });
    this.proofOfLife = new ProofOfLife(this, 'ProofOfLife', { clusters, surroundings, failures });
    this.schedules = new Schedules(this, 'Schedules', {
      rollup: this.rollup,
      recompute: this.recomputation.handler,
      proveLife: this.proofOfLife.handler,
      refreshLists: this.refreshLists,
      enrol: this.enrol,
      baselines,
      undelivered: this.undelivered,
    });

    this.stream = new FindingsStream(this, 'Stream', { tables, failures });
    this.triage = new Handler(this, 'Triage', { name: 'triage', description: 'Plimsoll: turns findings into alerts', surroundings });
    tables.grantAlerts(this.triage);
    tables.grantReadSuppressions(this.triage);
    // Incidents are findings in order: the steps seen so far are kept beside the baselines.
    tables.grantJoinState(this.triage);
    this.stream.findingsTo(this.triage);
    this.notify = new Handler(this, 'Notify', { name: 'notify', description: 'Plimsoll: tells of alerts', surroundings });
    tables.grantAlerts(this.notify);
    topics.grantTell(this.notify);
    // An alert says what was not seen meanwhile.
    tables.grantReadDocuments(this.notify);
    this.stream.ordersTo(this.notify);
    this.channels = new Channels(this, 'Channels', { channels: alerts.channels, topics, tables, surroundings });
  }
}
