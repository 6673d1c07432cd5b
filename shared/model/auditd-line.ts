/** One record of the Linux audit system. */
export interface AuditdLine {
  /** The machine, where auditd was told to name it. */
  readonly node: string;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Records of one event have one serial number: with the time it is unique on its machine. */
  readonly serial: string;
  /** Fields in order of appearance, the first of a name. Values as they stand, quotes included. */
  readonly fields: ReadonlyMap<string, string>;
}

const head = /^(?:node=(\S{1,255}) )?type=([A-Z0-9_[\]]{2,40}) msg=audit\((\d{1,11})\.(\d{1,3}):(\d{1,20})\): ?/;

/** Characters read of a line; the kernel writes up to 8 970 a record. Source: Linux, include/uapi/linux/audit.h. */
const longestRecord = 32_768;

/** Fields looked at: a command's arguments are fields, and there may be very many. */
const mostFields = 400;

/** Reads a line as auditd writes it: `type=EXECVE msg=audit(1700000000.123:456): argc=1 a0="id"`. Source: auditd, "Audit log format". */
export function auditdLine(line: string): AuditdLine | undefined {
  const match = head.exec(line);
  if (match === null) return undefined;
  const [start, node = '', type = '', seconds, millis = '', serial = ''] = match;
  const fields = new Map<string, string>();
  // With log_format = ENRICHED, names for the numbers follow a group separator.
  const rest = line.slice(start.length, longestRecord).replace('\u001d', ' ');
  for (const [, name = '', value = ''] of rest.matchAll(/([A-Za-z_][\w-]{0,63}(?:\[\d{1,6}\])?)=("[^"]*"|'[^']*'|\S*)/g)) {
    if (fields.size >= mostFields) break;
    if (!fields.has(name)) fields.set(name, value);
  }
  return {
    node,
    type,
    time: Number(seconds) * 1_000 + Number(millis.padEnd(3, '0')),
    serial: `${seconds ?? ''}.${millis}:${serial}`,
    fields,
  };
}

/**
 * What a field holds that a user wrote: quoted where it is plain, else in hexadecimal digits. Source: Linux, kernel/audit.c,
 * audit_log_untrustedstring.
 */
export function untrusted(value: string | undefined): string {
  if (value === undefined || value === '(null)' || value === '(none)' || value === '?') return '';
  if (value.startsWith('"')) return value.slice(1, -1);
  if (value.length % 2 === 0 && /^[0-9A-F]+$/.test(value)) return Buffer.from(value, 'hex').toString('utf8');
  return value;
}

/** Arguments and characters of a command that are read: beyond, nobody looks. */
const mostArguments = 200;
const longestCommand = 8_192;

/** The command line of an EXECVE record; a long argument comes in pieces, `a1[0]`, `a1[1]`. */
export function commandLine({ fields }: AuditdLine): string {
  const words: string[] = [];
  let length = 0;
  for (let index = 0; index < mostArguments && length < longestCommand; index += 1) {
    const whole = fields.get(`a${String(index)}`);
    const word = whole === undefined ? inPieces(fields, index) : untrusted(whole);
    if (word === undefined) break;
    words.push(word);
    length += word.length + 1;
  }
  return words.join(' ').slice(0, longestCommand);
}

function inPieces(fields: ReadonlyMap<string, string>, index: number): string | undefined {
  const pieces: string[] = [];
  for (;;) {
    const piece = fields.get(`a${String(index)}[${String(pieces.length)}]`);
    if (piece === undefined) return pieces.length === 0 ? undefined : pieces.join('');
    pieces.push(untrusted(piece));
  }
}

/** The keys that an operator's rules gave an event; several are parted by a control character. Source: auditctl(8), `-k`. */
export function keysOf({ fields }: AuditdLine): readonly string[] {
  return untrusted(fields.get('key'))
    .split('\u0001')
    .filter((key) => key !== '');
}
