import type { Registered } from '../detect/finding.ts';
import type { Detection } from '../detect/kit.ts';
import { type Condition, type HistoryQuery, line, stream } from '../intake/insights-query.ts';
import { identityConfigMaps } from '../knowledge/identity-configmaps.ts';
import {
  addressReport,
  answerCaptures,
  byNode,
  callerCaptures,
  dayCapture,
  deedCapture,
  impersonationCaptures,
  isNamed,
  kubeletQuestion,
  logsCapture,
  nameCapture,
  named,
  namesIn,
  namespaceCapture,
  objectCapture,
  ofKind,
  received,
  tokenCapture,
  withVerb,
} from '../model/audit-patterns.ts';

/*
 * What has to be asked of a log so that its answers teach what the whole log would. Two questions, for each scans all
 * bytes and costs money:
 *
 * - whole: every line that changes something, or opens a connection into a pod, of the kinds that detections declare, and
 *   what kubelets report of addresses. Snapshots, owners, images and exec commands need each of them.
 * - habits: of all lines that agree in caller, address, client, answer and day, and in what the memories of reads rest on,
 *   the newest. It is a whole line from the log, with its own id and time, not one made up from counts: the pipeline reads
 *   it as it would read the log, and reading the log itself later adds nothing.
 *
 * Counts of what is not asked for whole cannot be had: thresholds that count it are left out of the lesson.
 *
 * A test holds that two lines of which only one is asked for teach the same, for every memory of the catalogue.
 */

/** The questions to a cluster's log group, derived from what detections read. */
export function questionsFor(catalogue: readonly Registered<Detection>[]): { readonly whole: HistoryQuery; readonly habits: HistoryQuery } {
  const kinds = declaredKinds(catalogue);
  return { whole: wholeLines(kinds), habits: habitLines(kinds) };
}

/** Kinds of request that detections name, by what the log has of them. */
interface Kinds {
  /** Changed by somebody. */
  readonly written: ReadonlySet<string>;
  /** Connections into pods and nodes. */
  readonly entered: ReadonlySet<string>;
  /** Read by somebody. */
  readonly read: ReadonlySet<string>;
  /** Whatever is done to them. */
  readonly touched: ReadonlySet<string>;
}

const writeVerbs = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;
const writes: ReadonlySet<string> = new Set(writeVerbs);
const connections = /\/(?:exec|attach|portforward|proxy)$/;

function declaredKinds(catalogue: readonly Registered<Detection>[]): Kinds {
  const kinds = { written: new Set<string>(), entered: new Set<string>(), read: new Set<string>(), touched: new Set<string>() };
  for (const { detection } of teachable(catalogue)) {
    if (detection.shape === 'rollup' || detection.shape === 'sequence' || detection.source !== 'audit') continue;
    for (const read of detection.reads) {
      const [verb = '', kind = ''] = read.split(' ');
      if (kind === '*') continue;
      if (connections.test(kind)) kinds.entered.add(kind);
      else if (verb === '*') kinds.touched.add(kind);
      else (writes.has(verb) ? kinds.written : kinds.read).add(kind);
    }
  }
  return kinds;
}

/** Written without end by nodes, and told there by the caller alone. */
const keptByNodes = ['nodes/status', 'serviceaccounts/token'];
/** Reviews that kubelets and webhooks ask for at every request they get: grouped by the question. */
const reviews = 'subjectaccessreviews';
/** Logged without bodies, and written by leader elections: only those that have a meaning by name matter, and what is removed. */
const configMaps = 'configmaps';
const removals = ['delete', 'deletecollection'] as const;

const apart: ReadonlySet<string> = new Set([...keptByNodes, reviews, configMaps]);

/**
 * The detections that answers teach as the whole log would. A threshold that counts what is asked for one line of a group
 * is none of them: from a part of its counts it would learn a limit that is too low. And no novelty is settled: one line
 * speaks for many already, and each author's word is wanted.
 */
export function teachable(catalogue: readonly Registered<Detection>[]): readonly Registered<Detection>[] {
  return catalogue.flatMap(({ strategy, detection }) => {
    if (detection.shape === 'threshold') return isCountedWhole(detection) ? [{ strategy, detection }] : [];
    return [{ strategy, detection: detection.shape === 'detection' ? withoutNovelty(detection) : detection }];
  });
}

function withoutNovelty(detection: Extract<Detection, { readonly shape: 'detection' }>): Detection {
  const copy = { ...detection };
  delete copy.novelty;
  return copy;
}

function isCountedWhole({ source, reads }: Extract<Detection, { readonly shape: 'threshold' }>): boolean {
  if (source === 'audit') return reads.every(isAskedWhole);
  // The authenticator's answers are grouped; what is in no log group of a control plane is not asked for at all.
  return source !== 'authenticator';
}

/** Whether the question for whole events has every line of a kind, as a detection declares it. */
function isAskedWhole(read: string): boolean {
  const [verb = '', kind = ''] = read.split(' ');
  if (kind === '*') return false;
  if (connections.test(kind)) return true;
  return apart.has(kind) ? kind === configMaps && removals.some((each) => each === verb) : writes.has(verb);
}

const auditLines: readonly Condition[] = [stream('^kube-apiserver-audit-'), line(String.raw`^\{"kind":"Event"`)];

function wholeLines({ written, entered }: Kinds): HistoryQuery {
  const changed = line(withVerb(writeVerbs));
  return {
    name: 'whole events',
    where: {
      all: [
        ...auditLines,
        {
          any: [
            { all: [changed, line(ofKind([...written].filter((kind) => !apart.has(kind))))] },
            { all: [changed, line(ofKind(keptByNodes)), { not: line(byNode) }] },
            { all: [changed, line(named(configMaps, identityConfigMaps))] },
            { all: [line(withVerb(removals)), line(ofKind([configMaps]))] },
            { all: [changed, line(ofKind(['pods/status'])), line(addressReport)] },
            line(ofKind(entered)),
          ],
        },
        { not: line(received) },
      ],
    },
    captures: [],
    oneOfEach: [],
  };
}

/** Kinds that are read by name all day: their names are in no memory of reads. */
const manyNames: ReadonlySet<string> = new Set([configMaps, 'secrets', 'namespaces']);

function habitLines({ written, entered, read, touched }: Kinds): HistoryQuery {
  const resources = [...read].filter((kind) => !kind.includes('/'));
  const captures = [
    dayCapture,
    ...callerCaptures,
    ofKind([...touched, ...entered], 'touched'),
    deedCapture(resources),
    namespaceCapture('secretsOf', 'secrets'),
    nameCapture(
      'rightsNamed',
      resources.filter((kind) => written.has(kind) && !manyNames.has(kind)),
    ),
    isNamed('oneSecret', 'secrets'),
    logsCapture,
    tokenCapture,
    ...impersonationCaptures,
    objectCapture('configMap', configMaps, identityConfigMaps),
    kubeletQuestion,
    ...answerCaptures,
  ];
  return {
    name: 'habits',
    where: {
      any: [
        { all: [...auditLines, { not: line(received) }, { not: line(String.raw`\[Truncated\.\.\.\]$`) }] },
        { all: [stream('^authenticator-'), line('^time="'), line(' msg="access (?:granted|denied)"')] },
      ],
    },
    captures,
    oneOfEach: captures.flatMap(namesIn),
  };
}
