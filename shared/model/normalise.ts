import type { AddressBook } from './addresses.ts';
import { normaliseAudit } from './audit.ts';
import type { Scope } from './base.ts';
import { normaliseCloudEvent } from './cloud-event.ts';
import type { Event } from './event.ts';
import { Conversations, type FlowEvent, initiatorOf } from './flow.ts';
import { type FlowFormat, readFlowLine } from './flow-line.ts';
import type { LogRecord, Reject, RejectReason, Skip } from './record.ts';

/** What became of one line. A flow line becomes part of a conversation, so several lines share an event. */
export type Reading = Event | Reject | Skip;

/** Typed events from the lines of an audit log. */
export function readAudit(records: readonly LogRecord[], scope: Scope, book: AddressBook): Reading[] {
  return records.map((record) => normaliseAudit(record, scope, book));
}

/** Typed events from CloudTrail records and EventBridge events. */
export function readApi(records: readonly LogRecord[], scope: Scope, book: AddressBook): Reading[] {
  return records.map((record) => normaliseCloudEvent(record, scope, book));
}

/** Conversations from flow-log lines. Lines that the responder sent belong to a conversation that others opened. */
export function readFlow(records: readonly LogRecord[], format: FlowFormat, scope: Scope, book: AddressBook): Reading[] {
  const conversations = new Conversations(scope, book);
  return records.map((record): FlowEvent | Reject | Skip => {
    const line = readFlowLine(record.message, format);
    if (typeof line === 'string') return isRejected(line) ? { reject: line, record } : { skip: line };
    if (initiatorOf(line) !== 'source') return { skip: 'flow-responder' };
    return conversations.add(line, record.message, record.ingested);
  });
}

const flowRejects: ReadonlySet<string> = new Set<RejectReason>(['flow-field-count', 'flow-bad-value', 'flow-lacks-addresses']);

function isRejected(reason: string): reason is RejectReason {
  return flowRejects.has(reason);
}
