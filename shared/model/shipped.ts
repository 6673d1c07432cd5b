import { at, type JsonObject, nestsTooDeep, object, parseJson, text } from './json.ts';
import type { LogRecord } from './record.ts';

/** What a log shipper made of a program's line. */
export interface Shipped {
  /** The line as the program wrote it; absent where the shipper took its JSON apart. */
  readonly line: string;
  /** The line's JSON, if it is any. */
  readonly fields: JsonObject | undefined;
  /** The machine it was written on, as far as the shipper says; empty where it does not. */
  readonly host: string;
}

/** Where shippers put the line. Sources: Fluent Bit manual (`log`, `log_processed`); systemd.journal-fields(7); CloudWatch agent. */
const lineIn = ['log', 'message', 'MESSAGE', 'msg'] as const;

/** How containerd writes a container's output. Source: Kubernetes, CRI logging format. */
const containerPrefix = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP] /;

/**
 * A line out of what a shipper made of it: the CloudWatch agent ships it as it is, Fluent Bit inside JSON with the pod and
 * node it was read on. `undefined` where it is JSON that cannot be read.
 */
export function shipped({ message }: LogRecord): Shipped | 'bad-json' | 'nested-too-deep' {
  const outer = message.replace(containerPrefix, '').trim();
  if (!outer.startsWith('{')) return { line: outer, fields: undefined, host: '' };
  if (nestsTooDeep(outer)) return 'nested-too-deep';
  const value = object(parseJson(outer));
  if (value === undefined) return 'bad-json';
  const host = hostIn(value);
  const processed = object(value['log_processed']);
  if (processed !== undefined) return { line: '', fields: processed, host };
  for (const name of lineIn) {
    const inner = value[name];
    if (object(inner) !== undefined) return { line: '', fields: object(inner), host };
    const line = text(inner)?.replace(containerPrefix, '').trim();
    if (line === undefined || line === '') continue;
    // Something that has a rule is an alert itself, whatever it says under this name.
    if ('rule' in value) break;
    return { line, fields: line.startsWith('{') ? object(parseJson(line)) : undefined, host };
  }
  return { line: outer, fields: value, host };
}

function hostIn(value: JsonObject): string {
  const told = [at(value, 'kubernetes', 'host'), value['_HOSTNAME'], value['host'], value['hostname']];
  return told.map((each) => text(each) ?? '').find((each) => each !== '') ?? '';
}

/** The machine that a log stream is named after, by custom of the shippers; empty where it is named otherwise. */
export function hostOfStream(place: string): string {
  const stream = place.slice(place.indexOf(':') + 1);
  return (
    /(?:^|[^a-z0-9])(i-[0-9a-f]{8,17}|ip-\d{1,3}(?:-\d{1,3}){3}(?:(?:\.[a-z0-9-]{1,63}){0,3}\.(?:internal|local))?)(?![a-z0-9])/.exec(
      stream,
    )?.[1] ?? ''
  );
}
