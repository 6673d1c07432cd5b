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
  kubeletQuestion,
  nameCapture,
  named,
  namesIn,
  namespaceCapture,
  objectCapture,
  ofKind,
  received,
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
  for (const { detection } of catalogue) {
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
/** Logged without bodies, and written by leader elections: only those that have a meaning by name matter. */
const configMaps = 'configmaps';

const auditLines: readonly Condition[] = [stream('^kube-apiserver-audit-'), line(String.raw`^\{"kind":"Event"`)];

function wholeLines({ written, entered }: Kinds): HistoryQuery {
  const apart = new Set([...keptByNodes, reviews, configMaps]);
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

function habitLines({ written, entered, read, touched }: Kinds): HistoryQuery {
  const resources = [...read].map((kind) => kind.split('/', 1)[0] ?? '');
  const captures = [
    dayCapture,
    ...callerCaptures,
    ofKind([...touched, ...entered], 'touched'),
    deedCapture(resources),
    namespaceCapture('secretsOf', 'secrets'),
    nameCapture(
      'rightsNamed',
      [...read].filter((kind) => written.has(kind) && kind !== configMaps),
    ),
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
