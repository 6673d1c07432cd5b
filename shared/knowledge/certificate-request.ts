/** The subject of a certificate signing request: to the API server, the name and groups of its bearer. */
export interface CertificateSubject {
  readonly names: readonly string[];
  readonly groups: readonly string[];
}

/** One value of ASN.1 in its distinguished encoding. */
interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

const tags = { integer: 0x02, oid: 0x06, sequence: 0x30, set: 0x31 } as const;

/** Object identifiers 2.5.4.3 and 2.5.4.10. Source: RFC 4519, sections 2.3 and 2.19. */
const attributes = { commonName: '550403', organisation: '55040a' } as const;

/** Parts of a name looked at. */
const mostParts = 50;

/**
 * Reads the subject of `spec.request`: a PEM block in base64. Absent where it cannot be read. Source: RFC 2986,
 * section 4.1; Kubernetes documentation, "Certificates and Certificate Signing Requests".
 */
export function certificateSubject(request: string): CertificateSubject | undefined {
  const pem = Buffer.from(request.slice(0, 65_536), 'base64').toString('latin1');
  const body = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([^-]*)-----END/.exec(pem)?.[1];
  if (body === undefined) return undefined;
  const whole = inside(Buffer.from(body, 'base64'), tags.sequence);
  const info = whole && inside(whole.content, tags.sequence);
  const version = info && inside(info.content, tags.integer);
  const subject = version && inside(version.rest, tags.sequence);
  if (subject === undefined) return undefined;
  const parts = members(subject.content, tags.set).flatMap((set) => members(set, tags.sequence));
  const valuesOf = (attribute: string): readonly string[] =>
    parts.flatMap((part) => {
      const type = inside(part, tags.oid);
      const value = type && valueAt(type.rest);
      return value !== undefined && Buffer.from(type?.content ?? []).toString('hex') === attribute
        ? [Buffer.from(value.content).toString('utf8')]
        : [];
    });
  return { names: valuesOf(attributes.commonName), groups: valuesOf(attributes.organisation) };
}

function members(content: Uint8Array, tag: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let value = valueAt(content); value !== undefined && found.length < mostParts; value = valueAt(value.rest)) {
    if (value.tag === tag) found.push(value.content);
  }
  return found;
}

function inside(bytes: Uint8Array, tag: number): Value | undefined {
  const value = valueAt(bytes);
  return value?.tag === tag ? value : undefined;
}

/** Lengths are in one byte, or in as many as the first says. Source: ITU-T X.690, section 8.1.3. */
function valueAt(bytes: Uint8Array): Value | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || more > 3) return undefined;
  const length = more === 0 ? first : bytes.subarray(2, 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
  const start = 2 + more;
  const end = start + length;
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(start, end), rest: bytes.subarray(end) };
}
