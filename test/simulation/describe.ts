import { longLine } from './mix.ts';

/** What a list of audit messages consists of, measured on the messages alone. Shares are in per cent. */
export interface AuditSummary {
  readonly events: number;
  readonly nodes: number;
  readonly accounts: number;
  readonly people: number;
  readonly identities: number;
  readonly medianBytes: number;
  readonly long: number;
  readonly podsCreated: number;
  readonly refused: number;
  readonly secretReads: number;
}

interface Message {
  readonly stage: string;
  readonly verb: string;
  readonly user: { readonly username?: string };
  readonly sourceIPs: readonly string[];
  readonly userAgent: string;
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code: number };
}

export function describeAudit(messages: readonly string[]): AuditSummary {
  const events = messages.map((message) => JSON.parse(message) as Message);
  const sizes = messages.map((message) => Buffer.byteLength(message)).sort((one, other) => one - other);
  const percent = (test: (event: Message) => boolean): number => (100 * events.filter(test).length) / events.length;
  const nodes = percent((event) => nameOf(event).startsWith('system:node:'));
  const accounts = percent((event) => /^(?:system:(?!node:)|eks:)/.test(nameOf(event)));
  return {
    events: events.length,
    nodes,
    accounts,
    people: 100 - nodes - accounts,
    identities: new Set(events.map((event) => [nameOf(event), event.sourceIPs.at(-1), event.userAgent].join(' '))).size,
    medianBytes: sizes[Math.floor(sizes.length / 2)] ?? 0,
    long: (100 * sizes.filter((size) => size > longLine).length) / sizes.length,
    podsCreated: events.filter((event) => event.verb === 'create' && resourceOf(event) === 'pods' && event.responseStatus?.code === 201)
      .length,
    refused: percent((event) => [401, 403].includes(event.responseStatus?.code ?? 0)),
    secretReads: percent((event) => resourceOf(event) === 'secrets' && ['get', 'list', 'watch'].includes(event.verb)),
  };
}

function nameOf(event: Message): string {
  return event.user.username ?? '';
}

function resourceOf({ objectRef }: Message): string {
  return [objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/');
}

/** Flow lines by what they tell. Shares are in per cent. */
export interface FlowSummary {
  readonly lines: number;
  readonly egress: number;
  readonly rejected: number;
  readonly noData: number;
  readonly outside: number;
  readonly addresses: number;
}

export function describeFlow(lines: readonly string[]): FlowSummary {
  const share = (test: (line: string) => boolean): number => (100 * lines.filter(test).length) / lines.length;
  return {
    lines: lines.length,
    egress: share((line) => line.includes(' egress ')),
    rejected: share((line) => line.includes(' REJECT ')),
    noData: share((line) => line.endsWith('NODATA') || line.includes(' NODATA ')),
    outside: share((line) => / 203\.0\.113\.\d+ /.test(line)),
    addresses: new Set(lines.flatMap((line) => line.match(/\b10\.0\.\d+\.\d+\b/g) ?? [])).size,
  };
}
