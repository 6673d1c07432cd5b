import { at, list, number, parseJson, text } from '../../shared/model/json.ts';
import type { Call } from './calls.ts';
import type { Answer } from './gateway.ts';

/** Lines that a function put into a log stream. */
export interface Written {
  readonly group: string;
  readonly stream: string;
  readonly lines: readonly { readonly at: number; readonly text: string }[];
}

/** CloudWatch Logs as functions write to it: a stream must be made before it takes lines. */
export class LogService {
  private readonly streams = new Set<string>();
  private written: Written[] = [];

  answer({ operation }: Call, body: string): Answer {
    const input = parseJson(body);
    const [group, stream] = [text(at(input, 'logGroupName')) ?? '', text(at(input, 'logStreamName')) ?? ''];
    if (operation === 'CreateLogStream') {
      this.streams.add(`${group}:${stream}`);
      return answered(200, {});
    }
    if (operation !== 'PutLogEvents') throw new Error(`logs:${operation} is not answered here`);
    if (!this.streams.has(`${group}:${stream}`))
      return answered(400, { __type: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' });
    const lines = list(at(input, 'logEvents')).map((event) => ({
      at: number(at(event, 'timestamp')) ?? 0,
      text: text(at(event, 'message')) ?? '',
    }));
    this.written.push({ group, stream, lines });
    return answered(200, {});
  }

  /** What was written since the last call. */
  taken(): readonly Written[] {
    const { written } = this;
    this.written = [];
    return written;
  }
}

function answered(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(value) };
}
