import { behaviours } from '../knowledge/behaviours.ts';
import { gravestFirst } from '../model/finding.ts';
import type { Registered } from './finding.ts';
import { type Declaration, type Detection, namedIn, type Sequence } from './kit.ts';

/** The log or system that a detection reads. */
type Source = Exclude<Detection, { readonly shape: 'sequence' }>['source'];

const sourcesInOrder: readonly Source[] = ['audit', 'authenticator', 'api', 'flow', 'intake', 'signal', 'coverage'];

/** A detection as the catalogue lists it. A contract: fields are added, never renamed. */
export interface Entry extends Pick<Declaration, 'id' | 'title' | 'severity' | 'confidence' | 'attack' | 'rows'> {
  readonly strategy: string;
  readonly shape: Detection['shape'];
  /** A sequence reads what the detections of its steps read. */
  readonly sources: readonly Source[];
  readonly needs: NonNullable<Declaration['needs']>;
}

/** The catalogue as a list, in its order. */
export function entriesOf(catalogue: readonly Registered<Detection>[]): readonly Entry[] {
  const byId = new Map(catalogue.map(({ detection }) => [detection.id, detection]));
  const sourcesOf = (detection: Detection | undefined): readonly Source[] => {
    if (detection === undefined) return [];
    return detection.shape === 'sequence' ? stepSources(detection) : [detection.source];
  };
  const stepSources = ({ steps, tactics }: Sequence): readonly Source[] => {
    const open = tactics !== undefined || steps.some((step) => namedIn(step).length === 0);
    return open ? sourcesInOrder : steps.flatMap(namedIn).flatMap((id) => sourcesOf(byId.get(id)));
  };
  return catalogue.map(({ strategy, detection }) => {
    const { id, title, shape, severity, confidence, attack, rows, needs = [] } = detection;
    const sources = new Set(sourcesOf(detection));
    return {
      ...{ id, title, strategy, shape, severity, confidence },
      sources: sourcesInOrder.filter((source) => sources.has(source)),
      ...{ attack, rows, needs },
    };
  });
}

/** The detections that find each behaviour there is, none included. */
export function findersOf(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  return new Map(Object.keys(behaviours).map((row) => [row, entries.filter(({ rows }) => rows.includes(row))]));
}

/** The catalogue in one line: how many detections, on which logs, how grave, for how many behaviours. */
export function summaryOf(entries: readonly Entry[]): string {
  const strategies = new Set(entries.map(({ strategy }) => strategy)).size;
  const finders = [...findersOf(entries).values()];
  const found = finders.filter((each) => each.length > 0).length;
  const bySource = sourcesInOrder.map((name) => [entries.filter(({ sources }) => sources.includes(name)).length, name] as const);
  const bySeverity = gravestFirst.map((name) => [entries.filter(({ severity }) => severity === name).length, name] as const);
  return (
    `${String(entries.length)} detections in ${String(strategies)} strategies ` +
    `for ${String(found)} of ${String(finders.length)} behaviours; by source ${counts(bySource)}; by severity ${counts(bySeverity)}`
  );
}

function counts(pairs: readonly (readonly [number, string])[]): string {
  const words = pairs.filter(([count]) => count > 0).map(([count, name]) => `${String(count)} ${name}`);
  return words.join(', ');
}
