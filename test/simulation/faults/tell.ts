import type { Verdict } from './verdict.ts';

/** A seed that failed, for a person: what is wrong, and every fault in order. */
export function reportOf({ seed, offences, steps }: Verdict): string {
  return [
    `seed ${String(seed)} fails:`,
    ...offences.map((offence) => `  ${offence}`),
    `its ${String(steps.length)} faults:`,
    ...steps.map((step) => `  ${step}`),
  ].join('\n');
}
