import { MemoryFindings, noFindings } from '../shared/adapters/memory-findings.ts';
import type { Registered } from '../shared/detect/finding.ts';
import type { Detection } from '../shared/detect/kit.ts';
import { type Off, switchedOff } from '../shared/detect/needs.ts';
import { catalogue as shipped } from '../shared/detect/registry.ts';
import { type KnownFile, peekFile } from '../shared/intake/files.ts';
import { mergeFiles } from '../shared/intake/merging.ts';
import { Scopes } from '../shared/intake/scopes.ts';
import { type Site, siteOf } from '../shared/model/site.ts';
import type { Finding } from '../shared/model/finding.ts';
import { type Mode, Pipeline } from '../shared/pipeline.ts';
import type { Alert } from '../shared/triage/alert.ts';
import { notify, triage } from '../shared/triage/triage.ts';
import { type InputFile, inputFiles } from './input-files.ts';
import { nightly } from './nightly.ts';
import type { ReplayOptions } from './options.ts';
import { Progress, type Screen } from './progress.ts';
import { RejectsFile } from './rejects-file.ts';
import { loadState, Memory, saveState } from './state-file.ts';
import { Tally } from './tally.ts';
import { UsageError } from './usage-error.ts';

/** What a replay came to. */
export interface Outcome {
  readonly alerts: readonly Alert[];
  /** Findings before grouping, each once. */
  readonly findings: readonly Finding[];
  /** What grave signatures matched in the history: listed, and not learnt. */
  readonly history: readonly Finding[];
  readonly tally: Tally;
  readonly files: readonly KnownFile[];
  /** Files in directories that are nothing this product reads. */
  readonly unread: readonly string[];
  readonly scopes: Scopes;
  /** Names in formats of flow logs that no published version has. */
  readonly unknownFields: readonly string[];
  /** Detections that lack a field of the flow logs, or knowledge about the site. */
  readonly off: readonly Off[];
}

/** Runs files through the pipeline on memory adapters: the very one that Lambda runs. */
export class Replay {
  private readonly memory = new Memory();
  private readonly recorded = new MemoryFindings();
  /** Alerts of this run: the memory may hold those of earlier ones. */
  private readonly told = new Set<string>();
  private readonly found = new Map<string, Finding>();
  private readonly history: Finding[] = [];
  private readonly tally = new Tally();
  private readonly unread: string[] = [];
  private readonly options: ReplayOptions;
  private readonly site: Site;
  private readonly catalogue: readonly Registered<Detection>[];

  constructor(options: ReplayOptions, catalogue: readonly Registered<Detection>[] = shipped) {
    this.options = options;
    this.site = siteOf(options.site);
    this.catalogue = catalogue;
  }

  async run(screen: Screen): Promise<Outcome> {
    const { options, tally } = this;
    let onRead: (bytes: number) => void = () => undefined;
    const sources = (names: readonly string[]): InputFile[] =>
      inputFiles(names, (bytes) => {
        onRead(bytes);
      });
    const given = { history: sources(options.learn), live: sources(options.files) };
    const history = await this.recognised(given.history);
    const live = await this.recognised(given.live);
    const scopes = new Scopes(
      [...live, ...history].map(({ hints }) => hints),
      options.cluster,
    );
    if (options.state !== undefined) await loadState(options.state, this.memory);

    const size = [...given.history, ...given.live].reduce((total, file) => total + file.size, 0);
    const progress = new Progress(screen, size);
    onRead = (bytes) => {
      progress.advance(bytes, tally.lines);
    };
    const rejects = new RejectsFile(options.rejects);
    try {
      await this.pass('history', history, scopes, rejects);
      await this.pass('live', live, scopes, rejects);
    } finally {
      rejects.close();
      progress.clear();
    }
    if (options.state !== undefined) await saveState(options.state, this.memory);
    return this.outcome([...history, ...live], scopes);
  }

  private outcome(files: readonly KnownFile[], scopes: Scopes): Outcome {
    const { history, tally, unread, catalogue } = this;
    const formats = [...new Set(files.flatMap((file) => [...file.formats]))];
    const unknownFields = [...new Set(formats.flatMap(({ unknown }) => unknown))];
    const off = switchedOff(catalogue, formats, this.site);
    const alerts = this.memory.alerts.all().filter(({ id }) => this.told.has(id));
    return { alerts, findings: [...this.found.values()], history, tally, files, unread, scopes, unknownFields, off };
  }

  private async recognised(files: readonly InputFile[]): Promise<KnownFile[]> {
    const known: KnownFile[] = [];
    for (const file of files) {
      const recognised = await peekFile(file, this.options.flowFormat);
      if (recognised !== undefined) known.push(recognised);
      else if (file.named)
        throw new UsageError(`${file.path}: not a log that is read here, or a flow log that needs --flow-format; --help tells which are`);
      else this.unread.push(file.path);
    }
    if (known.length === 0 && files.length > 0)
      throw new UsageError(`${files[0]?.path ?? ''} and all beside it: not a log that is read here`);
    return known;
  }

  private async pass(mode: Mode, files: readonly KnownFile[], scopes: Scopes, rejects: RejectsFile): Promise<void> {
    const { site } = this;
    const { flowFormat } = this.options;
    const pipeline = new Pipeline(this.catalogue, {
      state: this.memory.state,
      limits: this.memory.settings,
      findings: mode === 'live' ? this.recorded : noFindings,
      site,
    });
    for await (const step of mergeFiles(files, flowFormat, scopes)) {
      if ('tick' in step) {
        const closed = await pipeline.tick(step.tick, mode);
        if (mode === 'live') this.keep(closed.findings);
        const night = await nightly(this.catalogue, step.tick, this.memory);
        for (const alert of [night?.summary ?? [], night?.reminders ?? []].flat()) await this.tell(alert);
      } else {
        const { fates, rejects: refused, findings, attribution } = await pipeline.analyse(step.batch, mode);
        this.tally.add(step.batch, fates);
        if (attribution !== undefined) this.tally.addAttribution(attribution);
        rejects.add(step.batch.place, refused);
        if (mode === 'live') this.keep(findings);
        else this.history.push(...findings);
      }
      await this.triageFresh();
    }
  }

  /** A window that fills further is the same finding with a larger count: the last word counts. */
  private keep(findings: readonly Finding[]): void {
    if (this.options.findings) for (const finding of findings) this.found.set(finding.id, finding);
  }

  /** What the findings table's stream would hand to triage. */
  private async triageFresh(): Promise<void> {
    for (const group of this.recorded.takeFresh())
      for (const alert of await triage(group, this.catalogue, this.memory)) await this.tell(alert);
  }

  /** What is printed at the end is told. */
  private async tell(alert: Alert): Promise<void> {
    this.told.add(alert.id);
    await notify(alert, { tell: () => Promise.resolve() }, this.memory.alerts);
  }
}
