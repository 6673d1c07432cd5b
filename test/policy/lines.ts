import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type JsonObject, at, list, object, parseJson, text } from '../../shared/model/json.ts';
import { salvage, truncationMark } from '../../shared/model/salvage.ts';
import { breachesOf } from './logged.ts';

const root = join(import.meta.dirname, '../..');

/** The audit event of a line, also of one that was cut; absent where the line is something else. */
function auditEventOf(line: string): JsonObject | undefined {
  const event = line.endsWith(truncationMark) ? salvage(line) : object(parseJson(line));
  const isAudit = text(event?.['apiVersion'])?.startsWith('audit.k8s.io/') === true && text(event?.['verb']) !== undefined;
  return isAudit ? event : undefined;
}

/** A line of a file, or the messages in it where it is a subscription payload. */
function messagesOf(line: string): readonly string[] {
  const events = line.includes('"logEvents"') ? at(parseJson(line), 'logEvents') : undefined;
  return events === undefined ? [line] : list(events).flatMap((event) => text(at(event, 'message')) ?? []);
}

/** What lines hold of audit events that EKS does not write so, with the place of each; and how many audit events there are. */
export function unlikeEks(lines: Iterable<string>, place: string): { readonly events: number; readonly breaches: readonly string[] } {
  const breaches: string[] = [];
  let events = 0;
  let number = 0;
  for (const line of lines) {
    number += 1;
    for (const event of messagesOf(line.trim()).map(auditEventOf)) {
      if (event === undefined) continue;
      events += 1;
      breaches.push(...breachesOf(event).map((breach) => `${place}:${String(number)}: ${breach}`));
    }
  }
  return { events, breaches };
}

/** The same for a file, plain or gzip. */
export function unlikeEksIn(path: string): ReturnType<typeof unlikeEks> {
  const bytes = readFileSync(path);
  const content = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  return unlikeEks(content.toString('utf8').split('\n'), relative(root, path));
}

/** Files below a folder that may hold audit events. */
export function logsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ndjson(?:\.gz)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
