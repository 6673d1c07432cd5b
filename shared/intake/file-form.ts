import { gapKind } from '../model/coverage.ts';
import { type FlowFormat, isFlowHeader, readFlowLine } from '../model/flow-line.ts';
import { at, object, parseJson, text } from '../model/json.ts';
import { type Layout, splitterFor } from './elements.ts';
import { recordLists } from './json-values.ts';
import { signalProgramOf } from './signal-form.ts';

/** What a file is: how its elements are told apart, what is wrapped around each record, and which log it is. */
export interface Form {
  readonly layout: Layout;
  /** `subscription`: CloudWatch's messages. `answer`: members of a FilterLogEvents answer. `export`: a timestamp before each message. */
  readonly wrapping: 'none' | 'subscription' | 'answer' | 'export';
  readonly log: 'audit' | 'authenticator' | 'api' | 'flow' | 'falco' | 'auditd' | 'coverage' | 'other';
}

type Kind = Omit<Form, 'layout'>;

/** Elements at the beginning of a file that are asked what they are: the first may be broken. */
const asked = 50;

/** A timestamp before a message, as exports to S3 and `aws logs tail` write it. */
export const exportPrefix =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)|\d{13}(?=\s\{))[ \t]+(?:(kube-[a-z-]+-[0-9a-f]{8,}|authenticator-[0-9a-f]{8,}|eni-[0-9a-z-]+|plimsoll-proof-of-life)[ \t]+)?/;

/** Recognises a file by its beginning; absent where it is nothing that is read here. */
export function recognise(head: Uint8Array, whole: boolean, format: FlowFormat): Form | undefined {
  const beginning = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('utf8').trimStart();
  if (beginning === '') return { layout: 'lines', wrapping: 'none', log: 'other' };
  const layout = layoutOf(beginning, whole);
  const splitter = splitterFor(layout);
  const elements = [...splitter.push(head), ...(whole ? splitter.end() : [])].slice(0, asked);
  const kinds = elements.map((element) => kindOf(element.text, format));
  const kind =
    kinds.find((each) => each !== undefined && each.log !== 'other') ?? kinds.find((each) => each !== undefined) ?? kindByWords(beginning);
  return kind && { layout, ...kind };
}

/** One record a line, unless the file begins with JSON that goes on over its first line. */
function layoutOf(beginning: string, whole: boolean): Layout {
  if (beginning.startsWith('[')) return 'values';
  if (!beginning.startsWith('{')) return 'lines';
  const end = beginning.indexOf('\n');
  const line = (end < 0 ? beginning : beginning.slice(0, end)).trim();
  if (line === '{' || /^\{\s*"(?:Records|events)"\s*:\s*\[/.test(beginning)) return 'values';
  if (end < 0 && !whole) return kindByWords(line) === undefined ? 'values' : 'lines';
  const parsed = parseJson(line);
  if (parsed !== undefined) return holdsRecords(parsed) ? 'values' : 'lines';
  // Firehose writes messages one after another without a line feed.
  const splitter = splitterFor('values');
  const values = [...splitter.push(Buffer.from(line)), ...splitter.end()];
  return values.length > 1 && values.every(({ text: value }) => parseJson(value) !== undefined) ? 'values' : 'lines';
}

function holdsRecords(value: unknown): boolean {
  return [...recordLists].some((name) => Array.isArray(at(value, name)));
}

function kindOf(element: string, format: FlowFormat): Kind | undefined {
  if (element.startsWith('{')) return kindOfJson(element);
  const exported = exportPrefix.exec(element);
  if (exported !== null) {
    const message = element.slice(exported[0].length);
    const inner = message.startsWith('{') ? kindOfJson(message) : plainKind(message, format);
    return { wrapping: 'export', log: inner?.log ?? 'other' };
  }
  return plainKind(element, format);
}

/** How the authenticator's lines begin. Source: kubernetes-sigs/aws-iam-authenticator, whose log is logrus's text format. */
const authenticatorLine = /^time="[^"]{10,40}" level=[a-z]+ msg=/;

function plainKind(line: string, format: FlowFormat): Kind | undefined {
  if (authenticatorLine.test(line)) return { wrapping: 'none', log: 'authenticator' };
  const program = signalProgramOf(line);
  if (program !== undefined) return { wrapping: 'none', log: program };
  return isFlowHeader(line) || looksLikeFlow(line, format) ? { wrapping: 'none', log: 'flow' } : undefined;
}

/** Whether a line can be read as a flow record, be it one without data. */
export function looksLikeFlow(line: string, format: FlowFormat): boolean {
  const read = readFlowLine(line, format);
  return typeof read !== 'string' || read === 'flow-no-data' || read === 'flow-skip-data';
}

function kindOfJson(element: string): Kind | undefined {
  const value = object(parseJson(element));
  if (value === undefined) return undefined;
  const version = text(value['apiVersion']);
  if (value['kind'] === 'Event' && version?.startsWith('audit.k8s.io/') === true) return { wrapping: 'none', log: 'audit' };
  if (value['kind'] === gapKind) return { wrapping: 'none', log: 'coverage' };
  if (object(value['awslogs']) !== undefined || /^(?:DATA|CONTROL)_MESSAGE$/.test(text(value['messageType']) ?? '')) {
    return { wrapping: 'subscription', log: 'audit' };
  }
  if (typeof value['detail-type'] === 'string' || (typeof value['eventSource'] === 'string' && typeof value['eventName'] === 'string')) {
    return { wrapping: 'none', log: 'api' };
  }
  // A shipper may have put a time beside the line, as CloudWatch does in its answers, where an event's id stands, too.
  const program = 'eventId' in value ? undefined : signalProgramOf(element);
  if (program !== undefined) return { wrapping: 'none', log: program };
  if (typeof value['message'] === 'string' && typeof value['timestamp'] === 'number') return { wrapping: 'answer', log: 'audit' };
  return undefined;
}

/** For beginnings that no parser takes: cut lines, lines longer than the beginning. */
function kindByWords(beginning: string): Kind | undefined {
  const words: readonly (readonly [RegExp, Kind])[] = [
    [/"awslogs"\s*:\s*\{|"messageType"\s*:\s*"(?:DATA|CONTROL)_MESSAGE"/, { wrapping: 'subscription', log: 'audit' }],
    [/"apiVersion"\s*:\s*"audit\.k8s\.io\//, { wrapping: 'none', log: 'audit' }],
    [/"detail-type"\s*:|"eventSource"\s*:\s*"[a-z0-9.-]+\.amazonaws\.com"/, { wrapping: 'none', log: 'api' }],
  ];
  const found = words.flatMap(([pattern, kind]) => {
    const position = beginning.search(pattern);
    return position < 0 ? [] : [{ position, kind }];
  });
  return found.sort((a, b) => a.position - b.position)[0]?.kind;
}
