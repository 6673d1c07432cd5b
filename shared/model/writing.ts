import { endOfEscapedValue, endOfValue, parseJson, text, unescape } from './json.ts';

/** How a line is written down: as itself, or as the inside of a JSON string. */
export interface Writing {
  readonly quote: string;
  /** What stands before each part of a line. No text in a JSON string can look like one. */
  readonly marks: Marks;
  /** What stands before each value of an `objectRef`. */
  readonly refMarks: Readonly<Record<RefField, string>>;
  /** How an ampersand is written. */
  readonly ampersand: string;
  /** The JSON text that a stretch of the line stands for. */
  readonly read: (stretch: string) => string;
  /** Position after the object or list that begins at `start`; negative where it does not end. */
  readonly endOfValue: (stretch: string, start: number) => number;
  /** The text between the quotes of a string, from `start` to `end`; nothing where that is more than one string. */
  readonly value: (line: string, start: number, end: number) => string | undefined;
}

const plainMarks = {
  opening: '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"',
  auditId: '","auditID":"',
  stage: '","stage":"',
  uri: '","requestURI":"',
  verb: '","verb":"',
  user: '","user":{',
  sourceIps: ',"sourceIPs":[',
  objectRef: ',"objectRef":{',
  status: ',"responseStatus":{',
  success: ',"responseStatus":{"metadata":{},"code":',
  request: ',"requestObject":{',
  response: ',"responseObject":{',
  received: ',"requestReceivedTimestamp":"',
  staged: '","stageTimestamp":"',
  annotations: ',"annotations":{',
  metadata: ',"metadata":{',
  labels: ',"labels":{',
  spec: ',"spec":{',
  objectStatus: ',"status":{',
  managedFields: ',"managedFields":[',
  allowed: ',"annotations":{"authorization.k8s.io/decision":"allow",',
};

/** Marks in a kubelet's patch of a pod's status. */
const plainReportMarks = {
  podUid: ',"requestObject":{"metadata":{"uid":"',
  podStatus: '"},"status":{',
  containers: '"containerStatuses":[',
};

/** What may follow the containers: the end of their list, a comma and the next member. */
const plainAfterContainers = ['],"hostIP":"', '],"phase":"', '],"podIP":"'];

const plainRefMarks = {
  resource: '"resource":"',
  namespace: '"namespace":"',
  name: '"name":"',
  uid: '"uid":"',
  apiGroup: '"apiGroup":"',
  apiVersion: '"apiVersion":"',
  resourceVersion: '"resourceVersion":"',
  subresource: '"subresource":"',
};

/** Members of an `objectRef`, in the order in which Go writes them. */
export type RefField = keyof typeof plainRefMarks;

type Marks = Readonly<Record<keyof typeof plainMarks | keyof typeof plainReportMarks, string>> & {
  readonly afterContainers: readonly string[];
  /** Characters of the mark `user` before its own text. */
  readonly beforeUser: number;
};

/** A line as it is. */
export const plain: Writing = {
  quote: '"',
  marks: { ...plainMarks, ...plainReportMarks, afterContainers: plainAfterContainers, beforeUser: '",'.length },
  refMarks: plainRefMarks,
  ampersand: '\\u0026',
  read: (stretch) => stretch,
  endOfValue,
  value: (line, start, end) => {
    const inside = line.slice(start, end);
    return inside.includes('\\') || inside.includes('"') ? text(parseJson(`"${inside}"`)) : inside;
  },
};

const escaped = (mark: string): string => mark.replaceAll('"', '\\"');

function allEscaped<T extends Readonly<Record<string, string>>>(marks: T): T {
  return Object.fromEntries(Object.entries(marks).map(([name, mark]) => [name, escaped(mark)])) as T;
}

/** A line inside a JSON string. */
export const insideString: Writing = {
  quote: escaped(plain.quote),
  marks: {
    ...allEscaped(plainMarks),
    ...allEscaped(plainReportMarks),
    afterContainers: plainAfterContainers.map(escaped),
    beforeUser: escaped('",').length,
  },
  refMarks: allEscaped(plainRefMarks),
  ampersand: '\\\\u0026',
  read: unescape,
  endOfValue: endOfEscapedValue,
  value: (line, start, end) => {
    const inside = line.slice(start, end);
    // A quote would have a backslash before it.
    if (!inside.includes('\\')) return inside;
    const json = text(parseJson(`"${inside}"`));
    return json === undefined ? undefined : text(parseJson(`"${json}"`));
  },
};

/**
 * A copy of its own. A slice keeps the whole text alive that it was cut from; what is remembered must not.
 */
export function owned(slice: string): string {
  return ` ${slice}`.slice(1);
}
