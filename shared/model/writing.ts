import { parseJson, text, unescape } from './json.ts';

/** How a line is written down: as itself, or as the inside of a JSON string. */
export interface Writing {
  readonly quote: string;
  /** What stands before each part of a line. No text in a JSON string can look like one. */
  readonly marks: Marks;
  /** The JSON text that a stretch of the line stands for. */
  read(stretch: string): string;
  /** The text between the quotes of a string, from `start` to `end`; nothing where that is more than one string. */
  value(line: string, start: number, end: number): string | undefined;
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
  spec: ',"spec":{',
  objectStatus: ',"status":{',
  managedFields: ',"managedFields":[',
  decision: '"authorization.k8s.io/decision":"',
  between: '","',
  pair: '":"',
};

type Marks = Readonly<Record<keyof typeof plainMarks, string>> & {
  /** Characters of the mark `user` before its own text. */
  readonly beforeUser: number;
};

/** A line as it is. */
export const plain: Writing = {
  quote: '"',
  marks: { ...plainMarks, beforeUser: '",'.length },
  read: (stretch) => stretch,
  value: (line, start, end) => {
    const inside = line.slice(start, end);
    return isLiteral(inside) ? inside : text(parseJson(`"${inside}"`));
  },
};

/** Whether a text stands for itself in a JSON string, however often it is escaped. */
export function isLiteral(inside: string): boolean {
  return literal.test(inside);
}

// JSON strings hold no raw control characters (RFC 8259, section 7).
const literal = /^[^"\\\u0000-\u001f]*$/;

const escaped = (mark: string): string => mark.replaceAll('"', '\\"');

/** A line inside a JSON string. */
export const insideString: Writing = {
  quote: escaped(plain.quote),
  marks: {
    ...(Object.fromEntries(Object.entries(plainMarks).map(([name, mark]) => [name, escaped(mark)])) as typeof plainMarks),
    beforeUser: escaped('",').length,
  },
  read: unescape,
  value: (line, start, end) => {
    const inside = line.slice(start, end);
    if (isLiteral(inside)) return inside;
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
