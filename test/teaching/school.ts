import { MemoryAlerts, MemoryFindings, MemorySettings } from '../../shared/adapters/memory-findings.ts';
import { MemoryState } from '../../shared/adapters/memory-state.ts';
import { catalogue } from '../../shared/detect/registry.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { siteOf } from '../../shared/model/site.ts';
import { day, hour, minute } from '../../shared/model/time.ts';
import { Pipeline } from '../../shared/pipeline.ts';
import { recompute } from '../../shared/state/recompute.ts';
import type { Alert, Closing } from '../../shared/triage/alert.ts';
import { close } from '../../shared/triage/closing.ts';
import { joinUsual } from '../../shared/triage/release.ts';
import { notify, triage } from '../../shared/triage/triage.ts';
import { auditBatch, auditLine, recordsOf, type Request } from '../support/records.ts';

/** A Monday. */
const start = Date.UTC(2026, 2, 9);

/** Something asked on a day; times are hours after its midnight. */
export type Deed = Omit<Request, 'at' | 'id'> & { readonly hour: number };

/** A cluster with the shipped catalogue, its nights included, in which somebody tries to teach the baselines something. */
export class School {
  readonly state = new MemoryState();
  readonly alerts = new MemoryAlerts();
  private readonly recorded = new MemoryFindings();
  private readonly pipeline = new Pipeline(catalogue, {
    state: this.state,
    findings: this.recorded,
    site: siteOf({ networks: { vpc: ['10.0.0.0/8'], named: { office: '192.0.2.0/24' } } }),
  });
  private today = 0;
  private asked = 0;

  /** Lives a day, the night after it included; returns what was found. */
  async day(...deeds: readonly Deed[]): Promise<readonly Finding[]> {
    const midnight = start + this.today * day;
    const inOrder = [...deeds].sort((a, b) => a.hour - b.hour);
    const found = new Map<string, Finding>();
    // An arrival holds a minute at most, as CloudWatch delivers.
    const arrivals = Map.groupBy(inOrder, ({ hour: at }) => Math.floor((at * hour) / minute));
    for (const some of arrivals.values()) {
      const lines = some.map(({ hour: at, ...request }) =>
        auditLine({ ...request, at: midnight + Math.floor(at * hour), id: `request ${String((this.asked += 1))}` }),
      );
      const { findings, faults } = await this.pipeline.analyse(auditBatch(recordsOf(lines, `arrival ${String(this.asked)}`)));
      if (faults.length > 0) throw new Error(JSON.stringify(faults));
      for (const finding of findings) found.set(finding.id, finding);
      await this.tell();
    }
    this.today += 1;
    await recompute(catalogue, start + this.today * day, this.state);
    const { summary } = await joinUsual(catalogue, start + this.today * day, this);
    if (summary !== undefined) await notify(summary, { tell: () => Promise.resolve() }, this.alerts);
    return [...found.values()];
  }

  /** Some days of the same. */
  async days(count: number, ...deeds: readonly Deed[]): Promise<readonly Finding[]> {
    const found: Finding[] = [];
    for (let n = 0; n < count; n += 1) found.push(...(await this.day(...deeds)));
    return found;
  }

  alertsOf(detection: string): readonly Alert[] {
    return this.alerts.all().filter(({ speaker }) => speaker.detection === detection);
  }

  close(alert: Alert, verdict: Closing['verdict']) {
    return close(alert.id, { verdict, who: 'dana', why: '', at: start + this.today * day }, this);
  }

  private async tell(): Promise<void> {
    const ports = { alerts: this.alerts, settings: new MemorySettings(), state: this.state };
    for (const group of this.recorded.takeFresh())
      for (const alert of await triage(group, catalogue, ports)) await notify(alert, { tell: () => Promise.resolve() }, this.alerts);
  }
}

/** Ids of the detections that found something, each once. */
export function finders(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ detection }) => detection))].sort();
}

/** Pods that somebody creates within four minutes, as `kubectl run` does. */
export function pods(count: number, at: number, who = 'builder', tag = ''): Deed[] {
  return Array.from({ length: count }, (_, n) => ({
    hour: at + (n * 4) / 60 / count,
    who,
    verb: 'create',
    resource: 'pods',
    namespace: 'builds',
    name: `build-${tag}${String(at)}-${String(n)}`,
    code: 201,
    response: {
      kind: 'Pod',
      metadata: { name: `build-${tag}${String(at)}-${String(n)}`, namespace: 'builds', uid: `${tag} ${String(at)} ${String(n)}` },
      spec: { containers: [{ name: 'main', image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/build:1' }] },
    },
  }));
}

/** What everybody does all day, so that memories have an age. */
export const ordinary: readonly Deed[] = [
  { hour: 9, who: 'reader', verb: 'list', resource: 'secrets', namespace: 'shop', name: '' },
  { hour: 9.1, who: 'reader', verb: 'get', resource: 'secrets', namespace: 'shop', name: 'db' },
  { hour: 9.2, who: 'reader', verb: 'get', resource: 'pods', namespace: 'shop', name: 'web' },
  { hour: 9.3, who: 'builder', verb: 'get', resource: 'pods', namespace: 'builds', name: 'web' },
];
