import { type JsonObject, nestsTooDeep, object, parseJson, unescape } from './json.ts';

/** The bodies of an audit event, each read when it is asked for: most events are told by their other fields alone. */
export interface Bodies {
  readonly request: JsonObject | undefined;
  readonly response: JsonObject | undefined;
  /** The metadata of an object that the server answered with, where it can be read without the rest. */
  readonly responseMetadata: JsonObject | undefined;
  /** Whether a word may stand in a body. */
  mayMention(word: string): boolean;
}

/** Bodies of an event that was parsed whole. */
export function wholeBodies(raw: JsonObject): Bodies {
  const response = object(raw['responseObject']);
  const answered = response?.['kind'] === 'Status' ? undefined : response;
  return { request: object(raw['requestObject']), response, responseMetadata: object(answered?.['metadata']), mayMention: () => true };
}

/** How a line is written down: as itself, or as the inside of a JSON string. */
interface Writing {
  readonly request: string;
  readonly response: string;
  readonly received: string;
  readonly spec: string;
  read(text: string): string;
}

const plain: Writing = {
  request: ',"requestObject":{',
  response: ',"responseObject":{',
  received: ',"requestReceivedTimestamp":"',
  spec: ',"spec":{',
  read: (text) => text,
};

const escaped = (mark: string): string => mark.replaceAll('"', '\\"');

const insideString: Writing = {
  request: escaped(plain.request),
  response: escaped(plain.response),
  received: escaped(plain.received),
  spec: escaped(plain.spec),
  read: unescape,
};

/**
 * An event without its bodies, which are most of a line. The API server writes them between `responseStatus` and
 * `requestReceivedTimestamp`; text in a JSON string cannot look like a key, and where a nested key does, what is left
 * does not parse and the line is read whole.
 */
export function withoutBodies(line: string, isInsideString: boolean): { readonly head: JsonObject; readonly bodies: Bodies } | undefined {
  const writing = isInsideString ? insideString : plain;
  const request = line.indexOf(writing.request);
  const from = request < 0 ? line.indexOf(writing.response) : request;
  const to = from < 0 ? -1 : line.lastIndexOf(writing.received);
  if (to < from || to < 0) return undefined;
  const head = object(parseJson(writing.read(line.slice(0, from) + line.slice(to))));
  return head && { head, bodies: new UnreadBodies(writing, line.slice(from, to), request >= 0) };
}

/** The stretch of a line that holds the bodies. Where a nested key was taken for the second body, both are parsed as one. */
class UnreadBodies implements Bodies {
  private readonly writing: Writing;
  private readonly stretch: string;
  /** Where the response begins; negative where there is none. */
  private readonly split: number;
  private knownRequest: JsonObject | undefined | null = null;
  private knownResponse: JsonObject | undefined | null = null;
  private knownMetadata: JsonObject | undefined | null = null;

  constructor(writing: Writing, stretch: string, hasRequest: boolean) {
    this.writing = writing;
    this.stretch = stretch;
    this.split = hasRequest ? stretch.indexOf(writing.response) : 0;
  }

  get request(): JsonObject | undefined {
    if (this.knownRequest === null) {
      this.knownRequest = this.member('requestObject', this.split < 0 ? this.stretch : this.stretch.slice(0, this.split));
    }
    return this.knownRequest;
  }

  get response(): JsonObject | undefined {
    if (this.knownResponse === null) {
      this.knownResponse =
        this.split < 0 ? this.member('responseObject', '') : this.member('responseObject', this.stretch.slice(this.split));
    }
    return this.knownResponse;
  }

  get responseMetadata(): JsonObject | undefined {
    if (this.knownMetadata === null) {
      // The API server writes metadata before the spec, which holds most of an object.
      const end = this.split < 0 ? -1 : this.stretch.indexOf(this.writing.spec, this.split);
      const head = end < 0 ? undefined : this.parse(`${this.stretch.slice(this.split, end)}}`);
      this.knownMetadata = object(object(head?.['responseObject'])?.['metadata']);
    }
    return this.knownMetadata;
  }

  mayMention(word: string): boolean {
    return this.stretch.includes(word);
  }

  private member(name: 'requestObject' | 'responseObject', part: string): JsonObject | undefined {
    return part === '' ? undefined : object((this.parse(part) ?? this.parse(this.stretch))?.[name]);
  }

  private parse(part: string): JsonObject | undefined {
    const json = `{${this.writing.read(part.slice(1))}}`;
    return nestsTooDeep(json) ? undefined : object(parseJson(json));
  }
}
