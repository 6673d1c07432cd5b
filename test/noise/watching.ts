import { MemoryAlerts, MemoryFindings, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import type { Registered } from '../../shared/detect/finding.ts';
import type { FindingGroup } from '../../shared/detect/finding-group.ts';
import type { Detection } from '../../shared/detect/kit.ts';
import type { Batch } from '../../shared/intake/batch.ts';
import { flowFormat } from '../../shared/contract/logs.ts';
import { tickAt } from '../../shared/model/event.ts';
import type { Severity } from '../../shared/model/finding.ts';
import { flowFormatOf } from '../../shared/model/flow-line.ts';
import { siteOf } from '../../shared/model/site.ts';
import { minute } from '../../shared/model/time.ts';
import { type Mode, Pipeline } from '../../shared/pipeline.ts';
import { recompute } from '../../shared/state/recompute.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { joinUsual } from '../../shared/triage/release.ts';
import { notify, triage } from '../../shared/triage/triage.ts';
import { milliseconds } from '../simulation/clock.ts';
import { account } from '../simulation/identity.ts';
import { type Day, daysOf, learningDays } from './calendar.ts';
import { type Deed, Town, routine } from './town.ts';

/** Something that people were told. */
export interface Telling {
  readonly detection: string;
  /** Whether it rests on the flow log alone. */
  readonly fromFlows: boolean;
  readonly severity: Severity;
  readonly summary: string;
  /** First told, told again because it became graver, or repeated: because of its count or after a day. */
  readonly how: 'first' | 'graver' | 'again';
  /** Day of the watch; negative while it learns. */
  readonly day: number;
  /** When the last record arrived before it was told, milliseconds since the epoch. */
  readonly time: number;
  readonly story: string;
  readonly records: readonly string[];
}

/** How a town is watched. */
export interface Watch {
  readonly seed: number;
  readonly days: number;
  /** Whether there is a flow log, too. */
  readonly flows: boolean;
}

/** What came of watching a town. */
export interface Watched {
  readonly seed: number;
  readonly days: number;
  readonly events: number;
  /** Of which lines of the flow log. */
  readonly flows: number;
  readonly tellings: readonly Telling[];
  readonly deeds: readonly Deed[];
  readonly faults: readonly string[];
}

const scope = { cluster: 'town', account, region: 'eu-central-1' };
/** The nightly recomputation of baselines, as a deployment schedules it. */
const recomputeAt = 2.5 * 60 * minute;
const tickInterval = 5 * minute;
const format = flowFormatOf(flowFormat);

/**
 * Watches a town as a fresh deployment does: no list of identities, no allow-list, nothing but its VPC. Its first three days
 * are learnt live; what is told then is kept apart. Of history there is, with a flow log, the hour in which its pods began.
 */
export async function watch(catalogue: readonly Registered<Detection>[], { seed, days, flows }: Watch): Promise<Watched> {
  const watcher = new Watcher(catalogue, new Town(seed));
  let number = flows ? -learningDays - 1 : -learningDays;
  for (const day of daysOf(watcher.town, days, flows)) await watcher.live(day, number++);
  const { town, tellings, events, faults } = watcher;
  return { seed, days, events, flows: watcher.flows, tellings, deeds: town.deeds, faults: [...faults] };
}

class Watcher {
  readonly town: Town;
  readonly tellings: Telling[] = [];
  readonly faults = new Set<string>();
  events = 0;
  flows = 0;
  private readonly catalogue: readonly Registered<Detection>[];
  private readonly state = new MemoryState();
  private readonly findings = new MemoryFindings();
  private readonly alerts = new MemoryAlerts();
  private readonly settings = new MemorySettings();
  private readonly pipeline: Pipeline;
  private day = 0;
  private now = 0;
  private mode: Mode = 'live';

  constructor(catalogue: readonly Registered<Detection>[], town: Town) {
    this.town = town;
    this.catalogue = catalogue;
    const site = siteOf({ networks: { vpc: ['10.0.0.0/16'] } });
    this.pipeline = new Pipeline(catalogue, { state: this.state, findings: this.findings, site });
  }

  /** A day as it arrives: batches of a minute, ticks, and the recomputation at its hour. */
  async live({ midnight, audit, api, flow }: Day, number: number): Promise<void> {
    this.day = number;
    this.mode = number < -learningDays ? 'history' : 'live';
    const start = milliseconds(midnight);
    const lines = [
      ...audit.map(({ time, id, message }) => ({ time: milliseconds(time), log: 'audit' as const, id, message })),
      ...api.map(({ time, id, event }) => ({ time: milliseconds(time), log: 'api' as const, id, message: JSON.stringify(event) })),
      ...flow.map(({ time, line }) => ({ time: milliseconds(time), log: 'flow' as const, id: 'flow', message: line })),
    ];
    const byMinute = Map.groupBy(lines, ({ time }) => Math.floor((time - start) / minute));
    for (let at = 0; at < 1_440; at++) {
      this.now = start + (at + 1) * minute;
      const due = byMinute.get(at) ?? [];
      for (const log of ['audit', 'api', 'flow'] as const) {
        const records = due
          .filter((line) => line.log === log)
          .map(({ time, id, message }, index) => ({ id: `${id}/${String(index)}`, ingested: time, message }));
        for (let from = 0; from < records.length; from += 500) await this.analyse({ log, records: records.slice(from, from + 500) });
      }
      if (this.now % tickInterval === 0) await this.pipeline.tick(tickAt(this.now), this.mode);
      if (this.now - start === recomputeAt) await this.night();
      await this.triage();
    }
  }

  /** What the function of the night does: baselines are computed anew, and recurring novelty joins them, which is told. */
  private async night(): Promise<void> {
    this.state.collect(this.now);
    await recompute(this.catalogue, this.now, this.state);
    const { summary } = await joinUsual(this.catalogue, this.now, { alerts: this.alerts, state: this.state });
    if (summary !== undefined) await this.tell(summary, summary);
  }

  private async analyse({ log, records }: Pick<Batch, 'records'> & { log: 'audit' | 'api' | 'flow' }): Promise<void> {
    this.events += records.length;
    if (log === 'flow') this.flows += records.length;
    const given = { scope, place: 'town', records, rejects: [], skipped: {} };
    const report = await this.pipeline.analyse(log === 'flow' ? { log, format, ...given } : { log, ...given }, this.mode);
    for (const { detection, reason } of report.faults) this.faults.add(`${detection}: ${reason}`);
    for (const { reject } of report.rejects) this.faults.add(`rejected: ${reject}`);
  }

  /** What the streams of the findings table do: groups become alerts, and alerts are told. */
  private async triage(): Promise<void> {
    const { alerts, settings, state, catalogue } = this;
    for (const group of this.findings.takeFresh()) {
      for (const alert of await triage(group, catalogue, { alerts, settings, state })) await this.tell(alert, group);
    }
  }

  private async tell(alert: Alert, group: Pick<FindingGroup, 'speaker'>): Promise<void> {
    const tell = (told: Alert, reason: string): Promise<void> => {
      this.tellings.push(this.tellingOf(group, told, reason));
      return Promise.resolve();
    };
    await notify(alert, { tell }, this.alerts);
  }

  private tellingOf(group: Pick<FindingGroup, 'speaker'>, { severity, speaker }: Alert, reason: string): Telling {
    const records = group.speaker.evidence.map(({ eventId, record, note }) => eventId ?? record ?? note);
    return {
      detection: speaker.detection,
      fromFlows: speaker.source === 'flow',
      severity,
      summary: reason === 'first seen' || reason.startsWith('graver') ? group.speaker.summary : speaker.summary,
      how: reason === 'first seen' ? 'first' : reason.startsWith('graver') ? 'graver' : 'again',
      day: this.day,
      time: this.now,
      story: this.storyOf(records),
      records,
    };
  }

  /** The story of the newest record that has one. */
  private storyOf(records: readonly string[]): string {
    return records.map((record) => this.town.storyOf(record)).findLast((story) => story !== routine) ?? routine;
  }
}
