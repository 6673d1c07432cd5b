import type { Site } from './site.ts';
import { readAuditd } from './auditd.ts';
import { normaliseAuthenticator } from './authenticator.ts';
import type { Scope } from './base.ts';
import { normaliseCloudEvent } from './cloud-event.ts';
import type { Event } from './event.ts';
import { normaliseFalco } from './falco.ts';
import { Conversations, type Traffic } from './flow.ts';
import { type FlowFormat, readerOf, type FlowSkip, flowTextAt, flowTimeAt } from './flow-line.ts';
import { peersOf } from './flow-peers.ts';
import type { LogRecord, Reject, RejectReason, Skip, SkipReason } from './record.ts';

/** What became of one line. */
export type Reading = Event | Reject | Skip;

/** Typed events from the lines of an authenticator log. */
export function readAuthenticator(records: readonly LogRecord[], scope: Scope): Reading[] {
  return records.map((record) => normaliseAuthenticator(record, scope));
}

/** Typed events from CloudTrail records and EventBridge events. */
export function readApi(records: readonly LogRecord[], scope: Scope, site: Site): Reading[] {
  return records.map((record) => normaliseCloudEvent(record, scope, site));
}

/** Signals from Falco's alerts; `place` is the log group and stream they came from, or the file. */
export function readFalco(records: readonly LogRecord[], scope: Scope, place: string): Reading[] {
  return records.map((record) => normaliseFalco(record, scope, place));
}

export { readAuditd };

/** What a flow log's lines came to. */
export interface FlowReading {
  readonly traffic: Traffic;
  readonly rejects: readonly Reject[];
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Lines that stood in the batch before. */
  readonly repeated: number;
}

/** Traffic from flow-log lines. Lines that the called end sent belong to a conversation that others opened: they are no events. */
export function readFlow(records: readonly LogRecord[], format: FlowFormat, scope: Scope, site: Site): FlowReading {
  const conversations = new Conversations(scope, peersOf(site.addresses, scope));
  const line = readerOf(format);
  const rejects: Reject[] = [];
  const skipped: Partial<Record<SkipReason, number>> = {};
  let repeated = 0;
  let answers = 0;
  for (const record of records) {
    const reason = line.read(record);
    if (reason === undefined) {
      if (!conversations.add(line, record)) repeated += 1;
      else if (line.isReply) answers += 1;
    } else if (isRejected(reason)) rejects.push({ reject: reason, record });
    else {
      skipped[reason] = (skipped[reason] ?? 0) + 1;
      if (reason !== 'flow-responder') {
        const { message } = record;
        conversations.addGap(reason, flowTextAt(message, format, 'interface') ?? '', flowTimeAt(message, format, 'end'), record);
      }
    }
  }
  conversations.keepShapes(line);
  line.release();
  if (answers > 0) skipped['flow-responder'] = (skipped['flow-responder'] ?? 0) + answers;
  return { traffic: conversations.traffic(), rejects, skipped, repeated };
}

const flowRejects: ReadonlySet<string> = new Set<RejectReason>(['flow-field-count', 'flow-bad-value', 'flow-lacks-addresses']);

function isRejected(reason: RejectReason | FlowSkip): reason is RejectReason {
  return flowRejects.has(reason);
}
