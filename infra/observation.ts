import { Construct } from 'constructs';

import { Alarms } from './alarms.ts';
import type { Configuration } from './config.ts';
import type { Coverage } from './coverage.ts';
import { Overview } from './dashboard.ts';
import type { Pipeline } from './pipeline.ts';
import { controlPlaneFilters } from './subscription-pattern.ts';
import type { Tables } from './tables.ts';
import type { Topics } from './topics.ts';
import * as functions from './watchlist-functions.ts';
import * as services from './watchlist-services.ts';

/** What {@link Observation} needs. */
export interface ObservationProps {
  readonly configuration: Configuration;
  readonly pipeline: Pipeline;
  readonly coverage: Coverage;
  readonly tables: Tables;
  readonly topics: Topics;
}

/** Who watches the watcher: alarms on every part of the pipeline, and a dashboard. */
export class Observation extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { configuration: { operations, runbookUrl, filter = 'derived' }, pipeline, coverage, tables, topics }: ObservationProps,
  ) {
    super(scope, id);
    const { analyses, rollup, recomputation, refreshLists, proofOfLife, enrol, triage, notify, channels, undelivered } = pipeline;
    const mail = topics.mail === undefined ? [] : [topics.mail];
    const asynchronous = [
      ...[...analyses, rollup, recomputation.handler, proofOfLife.handler, coverage.handler],
      ...[...(refreshLists ? [refreshLists] : []), ...(enrol ? [enrol] : [])],
    ];
    const handlers = [...asynchronous, triage, notify, ...channels.all.map(({ handler }) => handler)];
    const { all } = new Alarms(this, 'Alarms', {
      runbookUrl,
      topics: operations?.alertTopicToo === false ? [topics.operations] : [topics.operations, topics.alerts, ...mail],
      operations: topics.operations,
      watchlist: [
        ...handlers.flatMap(functions.ofFunction),
        ...asynchronous.flatMap(functions.ofAsynchronous),
        ...analyses.flatMap(functions.ofAnalysis),
        ...functions.ofAttribution(pipeline.flow),
        ...functions.ofClock(rollup),
        ...functions.ofProofs(notify, proofOfLife.clusters),
        ...functions.ofCoverage(coverage.handler),
        ...(refreshLists ? functions.ofListRefresh(refreshLists) : []),
        ...(enrol ? functions.ofEnrolment(enrol) : []),
        ...(enrol ? controlPlaneFilters(filter).flatMap(({ name }) => services.ofEnrolledDeliveries(name)) : []),
        ...pipeline.stream.readers.flatMap(services.ofStreamReader),
        ...pipeline.relays.flatMap(services.ofRelay),
        ...pipeline.subscriptions.flatMap(services.ofSubscription),
        ...services.ofSchedules(pipeline.schedules.group),
        ...[tables.state, tables.findings, tables.settings].flatMap(services.ofTable),
        ...services.ofTopic(topics.alerts, 'alerts-not-told'),
        ...mail.flatMap((topic) => services.ofTopic(topic, 'mail-not-told')),
        ...channels.topics.flatMap(([name, topic]) => services.ofTopic(topic, `${name}-not-told`)),
        ...services.ofDeadLetters('undelivered', undelivered, 'EventBridge or Scheduler could not hand events to a function.'),
        ...services.ofDeadLetters(
          'recompute-dead-letters',
          recomputation.deadLetters,
          'A part of the baselines could not be computed anew: the old ones hold for three weeks.',
        ),
        ...channels.all.flatMap(services.ofChannel),
      ],
    });
    new Overview(this, 'Overview', {
      alarms: all,
      analyses,
      judges: [...analyses, rollup, coverage.handler],
      handlers,
      notify,
      streamReaders: [triage, notify],
      deadLetters: [undelivered, recomputation.deadLetters, ...channels.all.map(({ deadLetters }) => deadLetters)],
    });
  }
}
