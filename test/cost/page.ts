import type { Meter } from '../bench/meter.ts';
import type { Usage } from './measure.ts';
import { bar, billed, comparisons, type Cost, costsOf, mostDollars, mostRequests, requestsPerTenThousand, sumOf } from './model.ts';

/** Kinds of keys that are told one by one. */
const mostKinds = 14;

const money = (value: number): string => `$${value.toFixed(4)}`;
const whole = (value: number): string => Math.round(value).toLocaleString('en');

/** What a case is called, and whether the bar on requests is meant for it. */
export interface Case {
  readonly name: string;
  readonly perPayload: number;
  /** Bars are for processes that have learnt and are warm. */
  readonly judged: boolean;
}

/** A case as text: what was used, what it costs, the bars, and which keys cost most. */
export function pageOf({ name, perPayload, judged }: Case, usage: Usage): string {
  const costs = costsOf(usage);
  const { state } = usage;
  const lines = [
    `${name}: ${whole(usage.events)} events, ${whole(usage.payloads)} payloads, ${usage.seconds.toFixed(1)} s of this processor, ` +
      `${(usage.trips / Math.max(1, usage.payloads)).toFixed(1)} round trips a payload, ${whole(usage.told)} alerts told`,
    ...table(costs),
    `  ${'together, for a million audit events'.padEnd(60)} ${money(sumOf(costs))}`,
    ...table(comparisons(usage)),
  ];
  if (judged) {
    lines.push(`  ${bar('a million audit events', sumOf(costs), mostDollars, money)}`);
    if (perPayload >= 500) lines.push(`  ${bar('requests for 10,000 events', requestsPerTenThousand(usage), mostRequests, whole)}`);
  }
  return [...lines, '  by kind of key, for a million events:', ...kindsOf(state, usage.events)].join('\n');
}

/** Costs as lines. */
export function table(costs: readonly Cost[]): string[] {
  return costs.map(({ what, dollars }) => `  ${what.padEnd(60)} ${money(dollars)}`);
}

function kindsOf({ kinds }: Meter, events: number): string[] {
  const million = 1e6 / events;
  const dearest = [...kinds].sort(([, one], [, other]) => billed(other) - billed(one)).slice(0, mostKinds);
  return dearest.map(
    ([kind, bill]) =>
      `    ${kind.padEnd(44)} ${money(billed(bill) * million)}  ${whole(bill.writes * million).padStart(9)} writes, ` +
      `${whole(bill.writeUnits * million)} units; ${whole(bill.readUnits * million)} read units`,
  );
}
