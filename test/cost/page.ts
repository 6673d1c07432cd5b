import type { Meter } from '../bench/meter.ts';
import type { Usage } from './measure.ts';
import { guardDutyPerGigabyte } from '../../shared/knowledge/prices.ts';
import {
  bar,
  billed,
  comparisons,
  type Cost,
  costsOf,
  mostDollars,
  mostDollarsPerGigabyte,
  mostRequests,
  mostRequestsPerPayload,
  requestsPerTenThousand,
  sumOf,
} from './model.ts';

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
  return [...lines, '  by kind of key, for a million events:', ...kindsOf(state, 1e6 / usage.events)].join('\n');
}

/** What a gigabyte of flow logs costs, with the bars. */
export function flowPage(name: string, usage: Usage): string {
  const gigabyte = 1024 ** 3 / usage.bytes;
  const costs = costsOf(usage, gigabyte);
  const { reads, writes } = usage.state.bill;
  return [
    `${name}: ${whole(usage.events)} lines, ${whole(usage.bytes)} bytes, ${whole(usage.payloads)} payloads, ${usage.seconds.toFixed(1)} s of this processor, ` +
      `${(usage.trips / Math.max(1, usage.payloads)).toFixed(1)} round trips a payload, ${whole(usage.told)} alerts told`,
    ...table(costs),
    `  ${'together, for a gigabyte of flow logs'.padEnd(60)} ${money(sumOf(costs))}`,
    ...table([{ what: 'GuardDuty, VPC flow logs', dollars: guardDutyPerGigabyte }]),
    `  ${bar('a gigabyte of flow logs', sumOf(costs), mostDollarsPerGigabyte, money)}`,
    `  ${bar('requests for the state of a payload', (reads + writes) / usage.payloads, mostRequestsPerPayload, (value) => value.toFixed(2))}`,
    '  by kind of key, for a gigabyte:',
    ...kindsOf(usage.state, gigabyte),
  ].join('\n');
}

/** Costs as lines. */
export function table(costs: readonly Cost[]): string[] {
  return costs.map(({ what, dollars }) => `  ${what.padEnd(60)} ${money(dollars)}`);
}

function kindsOf({ kinds }: Meter, times: number): string[] {
  const dearest = [...kinds].sort(([, one], [, other]) => billed(other) - billed(one)).slice(0, mostKinds);
  return dearest.map(
    ([kind, bill]) =>
      `    ${kind.padEnd(44)} ${money(billed(bill) * times)}  ${whole(bill.writes * times).padStart(9)} writes, ` +
      `${whole(bill.writeUnits * times)} units; ${whole(bill.readUnits * times)} read units`,
  );
}
