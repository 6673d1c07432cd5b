import type { AuditParts } from './audit-parts.ts';
import { Recent } from './recent.ts';
import { owned } from './writing.ts';

/**
 * Which request each Audit-ID was sent with, as hashes: so short and so quick to make that it is noted of lines, too,
 * that are put aside unread. A collision may hide that an id was used again, or tell so of one that was not: nothing
 * but a finding of low severity rests on it, never whether a request is judged.
 */
export class AuditIds {
  private young = new Table();
  private old = new Table();

  /** Notes a request; false where its id came with another request before. The first stays: so does the answer, if asked again. */
  note({ id, check, request }: NamedRequest): boolean {
    const before = this.young.get(id, check) ?? this.old.get(id, check);
    if (before !== undefined) return before === request;
    if (this.young.isFull) {
      this.old = this.young;
      this.young = new Table();
    }
    this.young.set(id, check, request);
    return true;
  }
}

/** Hashes of an Audit-ID, two to tell it, and of what else makes a request's identity. */
interface NamedRequest {
  readonly id: number;
  readonly check: number;
  readonly request: number;
}

/** What names a request, and what makes it that request: of an event, or of a line that nobody reads. */
export function namedRequest(cluster: string, { auditId, received, verb, uri }: Identity, username: string): NamedRequest {
  return named(cluster, auditId, 0, auditId.length, hashOf(uri, hashOf(verb, hashOf(received, hashFrom(username)))));
}

/** The same for a line that stands in its parts. */
export function namedRequestAt(cluster: string, parts: AuditParts, username: string): NamedRequest {
  const { line } = parts;
  const received = hashOf(line, hashFrom(username), parts.receivedStart, parts.receivedEnd);
  const verb = hashOf(line, received, parts.verbStart, parts.verbEnd);
  return named(cluster, line, parts.idStart, parts.idEnd, hashOf(line, verb, parts.uriStart, parts.uriEnd));
}

/** What tells a request from another with the same Audit-ID. */
interface Identity {
  readonly auditId: string;
  readonly received: string;
  readonly verb: string;
  readonly uri: string;
}

function named(cluster: string, text: string, from: number, to: number, request: number): NamedRequest {
  const id = hashOf(text, hashFrom(cluster), from, to);
  // Another start makes another hash; 0 marks an empty slot.
  return { id, check: hashOf(text, id ^ 0x55555555, from, to) || 1, request };
}

const start = 0x811c9dc5 | 0;

/** Hashes of clusters and of callers' names: nearly all were made before. */
const known = new Recent<number>(20_000);

function hashFrom(text: string): number {
  let hash = known.get(text);
  if (hash === undefined) known.set(owned(text), (hash = hashOf(text, start)));
  return hash;
}

/** FNV-1a over a stretch of text: the same whether it stands escaped in a line or was read. Backslashes are left out. */
function hashOf(text: string, seed: number, from = 0, to = text.length): number {
  let hash = seed;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) continue;
    if (code === ampersand || code === lessThan || code === greaterThan) hash = hashOf(goEscapes[code], hash);
    else hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash | 0;
}

const backslash = 0x5c;

const ampersand = 0x26;
const lessThan = 0x3c;
const greaterThan = 0x3e;

/** Characters that Go escapes in JSON text, as they stand there. Source: Go, `encoding/json`, `Encoder.SetEscapeHTML`. */
const goEscapes = { [ampersand]: 'u0026', [lessThan]: 'u003c', [greaterThan]: 'u003e' } as const;

/** Slots of a table at first and at most. Three quarters are filled, then it grows, and at last grows old. */
const fewestSlots = 1 << 8;
const mostSlots = 1 << 16;
const width = 3;

/** Open addressing over whole numbers: an entry costs some bytes and no object. */
class Table {
  private cells = new Int32Array(width * fewestSlots);
  private slots = fewestSlots;
  private count = 0;

  get isFull(): boolean {
    return this.count >= mostSlots * 0.75;
  }

  get(id: number, check: number): number | undefined {
    const at = this.slotOf(id, check);
    return this.cells[at + 1] === 0 ? undefined : this.cells[at + 2];
  }

  set(id: number, check: number, request: number): void {
    if (this.count >= this.slots * 0.75) this.grow();
    const at = this.slotOf(id, check);
    this.cells[at] = id;
    this.cells[at + 1] = check;
    this.cells[at + 2] = request;
    this.count += 1;
  }

  private grow(): void {
    const before = this.cells;
    this.slots *= 4;
    this.cells = new Int32Array(width * this.slots);
    for (let from = 0; from < before.length; from += width)
      if (before[from + 1] !== 0)
        this.cells.set(before.subarray(from, from + width), this.slotOf(before[from] ?? 0, before[from + 1] ?? 0));
  }

  /** Where an id stands, or may be put. A check is never 0: that is how an empty slot is known. */
  private slotOf(id: number, check: number): number {
    const mask = this.slots - 1;
    let slot = id & mask;
    for (;;) {
      const at = width * slot;
      const there = this.cells[at + 1];
      if (there === 0 || (there === check && this.cells[at] === id)) return at;
      slot = (slot + 1) & mask;
    }
  }
}
