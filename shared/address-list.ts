import { isIP } from 'node:net';

/** What a file of addresses holds, and the lines that are no address, for the person who wrote it. */
export interface AddressListFile {
  readonly addresses: readonly string[];
  /** "line 3: …", at most a few. */
  readonly problems: readonly string[];
}

/** Problems shown: a file of another kind is wrong in every line. */
const mostProblems = 5;

/**
 * Reads the text form in which feeds publish addresses: one address or range in CIDR notation a line; what follows `#`
 * or `;` is a comment. The deployment reads it at synth and the terminal at start.
 */
export function readAddressList(text: string): AddressListFile {
  const addresses = new Set<string>();
  const problems: string[] = [];
  text.split('\n').forEach((line, index) => {
    const entry = (line.split(/[#;]/, 1)[0] ?? '').trim();
    if (entry === '') return;
    if (isAddressOrRange(entry)) addresses.add(entry);
    else if (problems.length < mostProblems)
      problems.push(`line ${String(index + 1)}: ${entry.slice(0, 60)} is no address and no range in CIDR notation`);
  });
  return { addresses: [...addresses], problems };
}

/** Whether text is an address, or a range in CIDR notation; IPv4 or IPv6. */
export function isAddressOrRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
