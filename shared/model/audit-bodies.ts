import { at, type JsonObject, nestsTooDeep, object, parseJson, text } from './json.ts';
import { JsonMoulds } from './json-moulds.ts';
import { owned, plain, type Writing } from './writing.ts';

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

/** What controllers write one after the other. No text is JSON both as it stands and inside a string: the first quote tells. */
const heads = new JsonMoulds();
const specs = new JsonMoulds();

/** The volume that every pod is given, with a name of its own. Source: kubernetes, `plugin/pkg/admission/serviceaccount`. */
const generatedVolume = /kube-api-access-[a-z0-9]{5}/;

/** The stretch of a line that holds the bodies. */
class UnreadBodies implements Bodies {
  private stretch: string;
  private writing: Writing;
  private knownSplit: number | undefined;
  private knownRequest: JsonObject | undefined | null = null;
  private knownResponse: JsonObject | undefined | null = null;
  private knownHead: JsonObject | undefined | null = null;
  private knownMetadata: JsonObject | undefined | null = null;
  private knownSpecMark: number | undefined;
  private knownSpec: JsonObject | undefined | null = null;

  constructor(stretch: string, writing: Writing) {
    this.stretch = stretch;
    this.writing = writing;
  }

  get request(): JsonObject | undefined {
    if (this.knownRequest === null) this.knownRequest = object(this.parse(this.requestText)?.['requestObject']);
    return this.knownRequest;
  }

  get response(): JsonObject | undefined {
    if (this.knownResponse === null) {
      const { split } = this;
      this.knownResponse = object(this.parse(this.stretch.slice(split))?.['responseObject']);
    }
    return this.knownResponse;
  }

  get responseMetadata(): JsonObject | undefined {
    if (this.knownMetadata === null) this.knownMetadata = this.metadataInParts() ?? object(this.responseHead?.['metadata']);
    return this.knownMetadata;
  }

  get responseSpec(): JsonObject | undefined {
    if (this.knownSpec === null)
      this.knownSpec = this.responseMetadata === undefined && this.responseHead === undefined ? undefined : this.specAfterHead();
    return this.knownSpec;
  }

  /**
   * The kubelet sends a patch whose members Go sorts: the pod's uid, then conditions and containers, then addresses and
   * phase. What stands before and after the containers is read as one. Who may patch the status of a pod may report any
   * address in it: a member put between the containers and the addresses gives nobody more than that.
   */
  get report(): JsonObject | undefined {
    const request = this.requestText;
    const { marks } = this.writing;
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

  private get requestText(): string {
    const { split } = this;
    return this.stretch.slice(0, split);
  }

  /** Where the response begins, which is where the request ends. */
  private get split(): number {
    this.knownSplit ??= this.findSplit();
    return this.knownSplit;
  }

  /**
   * The patch that a client sends is logged as it came, and may have members of any name: only where the request ends
   * before the mark is it the response's.
   */
  private findSplit(): number {
    const { marks, read, endOfValue } = this.writing;
    const mark = this.stretch.indexOf(marks.response);
    if (mark === 0) return 0;
    if (mark < 0) return this.stretch.length;
    if (endOfValue(this.stretch.slice(0, mark), this.stretch.indexOf('{')) === mark) return mark;
    this.stretch = read(this.stretch);
    this.writing = plain;
    const end = plain.endOfValue(this.stretch, this.stretch.indexOf('{'));
    return end < 0 ? this.stretch.length : end;
  }

  private get specMark(): number {
    if (this.knownSpecMark === undefined) {
      const { split } = this;
      this.knownSpecMark = this.stretch.indexOf(this.writing.marks.spec, split);
    }
    return this.knownSpecMark;
  }

  /** Metadata read in two parts: what is the object's own comes before its labels, and the rest it often has in common with others. */
  private metadataInParts(): JsonObject | undefined {
    const end = this.specMark;
    if (end < 0) return undefined;
    const { marks } = this.writing;
    const head = this.stretch.slice(this.split, end);
    const start = head.indexOf(marks.metadata);
    const labels = head.indexOf(marks.labels, start);
    if (start < 0 || labels < 0) return undefined;
    const fields = head.indexOf(marks.managedFields, labels);
    const opening = heads.parse(`${head.slice(0, start)}}`, [], (part) => this.parse(part));
    if (opening === undefined || Object.keys(opening).length !== 1 || at(opening, 'responseObject', 'kind') === 'Status') return undefined;
    const own = this.parse(`,${head.slice(start + marks.metadata.length, labels)}`);
    if (own === undefined) return undefined;
    const shared = head.slice(labels, fields < 0 ? -1 : fields);
    if (fields < 0 && !head.endsWith('}')) return undefined;
    const rest = heads.parse(shared, ownNames(own), (part) => this.parse(part));
    return rest && { ...own, ...rest };
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

  /** The spec alone, if it follows metadata and nothing but the status follows it. */
  private specAfterHead(): JsonObject | undefined {
    const start = this.specMark;
    if (!this.endsMetadata(this.stretch.slice(this.split, start))) return undefined;
    const status = this.stretch.lastIndexOf(this.writing.marks.objectStatus);
    const spec = this.stretch.slice(start, status > start ? status : -1);
    const [volume] = generatedVolume.exec(spec) ?? [];
    const names = [...ownNames(this.responseMetadata), ...(volume === undefined ? [] : [owned(volume)])];
    const parsed = specs.parse(spec, names, (part) => this.parse(part));
    return parsed !== undefined && Object.keys(parsed).length === 1 ? object(parsed['spec']) : undefined;
  }

  /** Whether text before a spec ends with metadata: with its last member, or whole without it. Else the spec is that of something inside. */
  private endsMetadata(head: string): boolean {
    const cut = head.indexOf(this.writing.marks.managedFields);
    return cut < 0 || this.writing.endOfValue(head, head.indexOf('[', cut)) === head.length - 1;
  }

  private parse(part: string): JsonObject | undefined {
    if (part === '') return undefined;
    const json = `{${this.writing.read(part.slice(1))}}`;
    return nestsTooDeep(json) ? undefined : object(parseJson(json));
  }
}

/** What names an object and nothing else. */
function ownNames(metadata: JsonObject | undefined): readonly string[] {
  return [text(metadata?.['name']), text(metadata?.['uid'])].filter((name) => name !== undefined);
}
