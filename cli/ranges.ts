import { isIP } from 'node:net';
import { UsageError } from './usage-error.ts';

/** Throws {@link UsageError} on what is not CIDR notation. */
export function checkRange(option: string, range: string): void {
  const [address = '', prefix = '', ...rest] = range.split('/');
  const version = isIP(address);
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
  if (version === 0 || rest.length > 0 || !(bits <= (version === 4 ? 32 : 128))) {
    throw new UsageError(`${option} ${range}: expected a range in CIDR notation, such as 10.0.0.0/16`);
  }
}
