import { type JsonObject, nestsTooDeep, object, parseJson } from './json.ts';
import type { Writing } from './writing.ts';

/** The bodies of an audit event, each read when it is asked for: most events are told by their other fields alone. */
export interface Bodies {
  readonly request: JsonObject | undefined;
  readonly response: JsonObject | undefined;
  /** The metadata of an object that the server answered with, where it can be read without the rest. */
  readonly responseMetadata: JsonObject | undefined;
  /** The spec of an object that the server answered with, where it can be read without the rest. */
  readonly responseSpec: JsonObject | undefined;
  /** A kubelet's report on a pod without the containers, which are most of it. */
  readonly report: JsonObject | undefined;
  /** Whether a word may stand in a body. */
  mayMention(word: string): boolean;
}

/** Of an event without any. */
export const noBodies: Bodies = {
  request: undefined,
  response: undefined,
  responseMetadata: undefined,
  responseSpec: undefined,
  report: undefined,
  mayMention: () => false,
};

/** Bodies of an event that was parsed whole. */
export function wholeBodies(raw: JsonObject): Bodies {
  const response = object(raw['responseObject']);
  const answered = response?.['kind'] === 'Status' ? undefined : response;
  return {
    request: object(raw['requestObject']),
    response,
    responseMetadata: object(answered?.['metadata']),
    responseSpec: object(answered?.['spec']),
    report: object(raw['requestObject']),
    mayMention: () => true,
  };
}

/** Bodies that stand between two places of a line, the comma before them included. */
export function bodiesBetween(line: string, from: number, to: number, writing: Writing): Bodies {
  return from === to ? noBodies : new UnreadBodies(line.slice(from, to), writing);
}

/** The stretch of a line that holds the bodies. Where a nested key was taken for the second body, both are parsed as one. */
class UnreadBodies implements Bodies {
  private readonly writing: Writing;
  private readonly stretch: string;
  private knownSplit: number | undefined;
  private knownRequest: JsonObject | undefined | null = null;
  private knownResponse: JsonObject | undefined | null = null;
  private knownHead: JsonObject | undefined | null = null;
  private knownSpec: JsonObject | undefined | null = null;

  constructor(stretch: string, writing: Writing) {
    this.stretch = stretch;
    this.writing = writing;
  }

  get request(): JsonObject | undefined {
    if (this.knownRequest === null)
      this.knownRequest = this.member('requestObject', this.split < 0 ? this.stretch : this.stretch.slice(0, this.split));
    return this.knownRequest;
  }

  get response(): JsonObject | undefined {
    if (this.knownResponse === null)
      this.knownResponse = this.member('responseObject', this.split < 0 ? '' : this.stretch.slice(this.split));
    return this.knownResponse;
  }

  get responseMetadata(): JsonObject | undefined {
    return object(this.responseHead?.['metadata']);
  }

  get responseSpec(): JsonObject | undefined {
    if (this.knownSpec === null) this.knownSpec = this.responseHead === undefined ? undefined : this.specAfterHead();
    return this.knownSpec;
  }

  /**
   * The kubelet sends a patch whose members Go sorts: the pod's uid, then conditions and containers, then addresses and
   * phase. What stands before and after the containers is read as one; that it is whole shows that nothing else was cut.
   */
  get report(): JsonObject | undefined {
    const { marks } = this.writing;
    const request = this.split < 0 ? this.stretch : this.stretch.slice(0, this.split);
    const start = request.startsWith(marks.podUid) ? request.indexOf(marks.podStatus) : -1;
    const containers = start < 0 ? -1 : request.indexOf(marks.containers, start);
    const ends = containers < 0 ? [] : marks.afterContainers.map((next) => request.indexOf(next, containers)).filter((end) => end >= 0);
    if (ends.length === 0) return this.request;
    const ownEnd = start + marks.podStatus.length;
    const report = object(this.parse(`${request.slice(0, ownEnd)}${request.slice(Math.min(...ends) + 2)}`)?.['requestObject']);
    return report !== undefined && Object.keys(report).length === 2 ? report : this.request;
  }

  mayMention(word: string): boolean {
    return this.stretch.includes(word);
  }

  /** Where the response begins; negative where there is none. */
  private get split(): number {
    const { marks } = this.writing;
    this.knownSplit ??= this.stretch.startsWith(marks.response) ? 0 : this.stretch.indexOf(marks.response);
    return this.knownSplit;
  }

  private get specMark(): number {
    return this.split < 0 ? -1 : this.stretch.indexOf(this.writing.marks.spec, this.split);
  }

  /** What the API server writes before the spec, which holds most of an object; nothing for a `Status`. */
  private get responseHead(): JsonObject | undefined {
    if (this.knownHead === null) {
      const end = this.specMark;
      const text = end < 0 ? undefined : this.stretch.slice(this.split, end);
      // The last member of metadata, often longer than all the rest, and read by nobody.
      const cut = text?.indexOf(this.writing.marks.managedFields) ?? -1;
      const parsed =
        (cut < 0 ? undefined : this.parse(`${text?.slice(0, cut) ?? ''}}}`)) ?? (text === undefined ? undefined : this.parse(`${text}}`));
      const head = object(parsed?.['responseObject']);
      this.knownHead = head?.['kind'] === 'Status' ? undefined : head;
    }
    return this.knownHead;
  }

  /** The spec alone, if nothing but the status follows it. That the text before it is whole shows that it is no nested one. */
  private specAfterHead(): JsonObject | undefined {
    const start = this.specMark;
    const status = this.stretch.lastIndexOf(this.writing.marks.objectStatus);
    const parsed = this.parse(this.stretch.slice(start, status > start ? status : -1));
    return parsed !== undefined && Object.keys(parsed).length === 1 ? object(parsed['spec']) : undefined;
  }

  private member(name: 'requestObject' | 'responseObject', part: string): JsonObject | undefined {
    return part === '' ? undefined : object((this.parse(part) ?? this.parse(this.stretch))?.[name]);
  }

  private parse(part: string): JsonObject | undefined {
    const json = `{${this.writing.read(part.slice(1))}}`;
    return nestsTooDeep(json) ? undefined : object(parseJson(json));
  }
}
