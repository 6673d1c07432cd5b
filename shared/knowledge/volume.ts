import { isAwsOwn } from '../model/destination.ts';
import type { Entity } from '../model/entity.ts';

const kibibyte = 1024;
/** Bytes in a mebibyte. */
export const mebibyte = 1024 ** 2;
/** Bytes in a gibibyte. */
export const gibibyte = 1024 ** 3;

/** Bytes for people. */
export function sizeText(bytes: number): string {
  if (bytes >= gibibyte) return `${(bytes / gibibyte).toFixed(1)} GiB`;
  if (bytes >= mebibyte) return `${(bytes / mebibyte).toFixed(1)} MiB`;
  return bytes >= kibibyte ? `${(bytes / kibibyte).toFixed(1)} KiB` : `${String(bytes)} bytes`;
}

/** Whether the ledger says of a destination that a service of AWS runs there: it says where the address lies where none does. */
export function isAwsService(reach: string): boolean {
  return isAwsOwn(reach === 'public' || reach === 'aws' ? '' : reach);
}

/** A sender for text: of an address nobody is known to have had, that. */
export function senderText({ kind, name }: Entity): string {
  if (kind === 'node') return `node ${name} (or a pod on it)`;
  return kind === 'address' ? `${name} (no pod or node is known to have had it; a NAT gateway sums all behind it)` : name;
}

/** What is usual, with enough room that what grows from week to week stays inside. */
export function unusualFrom(
  { median, deviation, most }: { readonly median: number; readonly deviation: number; readonly most: number },
  floor: number,
): number {
  return Math.max(floor, median + 8 * deviation, 3 * most);
}

/** How sure it is that the sender is who is named. */
export function sureOf({ kind }: Entity): 'medium' | 'low' {
  return kind === 'workload' ? 'medium' : 'low';
}
