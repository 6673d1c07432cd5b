import { atLeast, gravestFirst } from '../../shared/model/finding.ts';
import { type Figures, type Spread, bar } from './report.ts';

/** What it took to watch a town. */
export interface Spent {
  readonly seconds: number;
  /** Of the process, at most. */
  readonly megabytes: number;
}

/** One seed on a page. */
export function pageOf(figures: Figures, { seconds, megabytes }: Spent, faults: readonly string[]): string {
  const { seed, events, flows, perDay, grave, fromFlows, repeated, whileLearning, causes, found, holds } = figures;
  return [
    `\nSeed ${String(seed)}: ${String(events)} events, ${String(flows)} of them flows, in ${seconds.toFixed(0)} s and ${String(megabytes)} MB; the bar ${holds ? 'holds' : 'is passed'}`,
    ...faults.map((fault) => `  FAULT ${fault}`),
    `  Alerts a day (median, mean, most); high or above: ${shown(grave)}`,
    ...gravestFirst.map(
      (severity) => `    ${severity.padEnd(9)}${shown(perDay[severity])}   while learning ${String(whileLearning[severity])}`,
    ),
    `    of these by the flow log: high or above ${shown(fromFlows.grave)}; medium ${shown(fromFlows.medium)}`,
    `    of medium or above told again for count or age: ${again(repeated)}`,
    '  False alarms by story and detection:',
    ...causes
      .filter(({ severity, count }) => atLeast(severity, 'medium') || count > 2)
      .map(
        (one) =>
          `    ${String(one.count).padStart(4)} ${one.severity.padEnd(9)}${one.fromFlows ? 'flow ' : '     '}${one.story.padEnd(22)}${one.detection.padEnd(34)}${one.example.slice(0, 210)}`,
      ),
    '  Attacks:',
    ...found.map(({ attack, what, by, minutes, whispered }) => {
      const told = minutes === undefined ? (whispered ? 'told as low only' : 'NOT FOUND') : `${minutes.toFixed(1)} min, ${by.join(', ')}`;
      return `    ${attack.padEnd(26)}${what.padEnd(42)}${told}`;
    }),
  ].join('\n');
}

/** All seeds together, against the bar. */
export function totals(all: readonly Figures[]): string {
  const mean = (value: (figures: Figures) => number): string =>
    (all.reduce((sum, figures) => sum + value(figures), 0) / Math.max(1, all.length)).toFixed(2);
  const deeds = all.flatMap(({ found }) => found);
  const missed = deeds.filter(({ minutes }) => minutes === undefined);
  const causes = Map.groupBy(
    all.flatMap((figures) => figures.causes).filter(({ severity }) => atLeast(severity, 'medium')),
    ({ severity, detection, story, fromFlows }) => `${severity.padEnd(9)}${fromFlows ? 'flow ' : '     '}${story.padEnd(22)}${detection}`,
  );
  const ranked = [...causes]
    .map(([name, members]) => ({ name, count: members.reduce((sum, { count }) => sum + count, 0) }))
    .sort((one, other) => other.count - one.count);
  return [
    `\nAll ${String(all.length)} seeds`,
    `  high or above a cluster-day: ${mean(({ grave }) => grave.mean)} (bar ${String(bar.grave)}, most on one day ${String(Math.max(...all.map(({ grave }) => grave.max)))})`,
    `  medium a cluster-day:        ${mean(({ perDay }) => perDay.medium.mean)} (bar ${String(bar.medium)}, most on one day ${String(Math.max(...all.map(({ perDay }) => perDay.medium.max)))})`,
    `  by the flow log a day:       high or above ${mean(({ fromFlows }) => fromFlows.grave.mean)}, medium ${mean(({ fromFlows }) => fromFlows.medium.mean)}`,
    `  low a cluster-day:           ${mean(({ perDay }) => perDay.low.mean)}`,
    `  told again in all:           ${mean(({ repeated }) => Object.values(repeated).reduce((sum, count) => sum + count, 0))} of medium or above a seed, which the bar does not count`,
    `  seeds within the bar:        ${String(all.filter(({ holds }) => holds).length)} of ${String(all.length)}`,
    `  deeds found:                 ${String(deeds.length - missed.length)} of ${String(deeds.length)} at medium or above`,
    ...missed.map(({ attack, what }) => `    missed: ${attack}: ${what}`),
    '  False alarms of medium or above:',
    ...ranked.map(({ name, count }) => `    ${String(count).padStart(4)} ${name}`),
  ].join('\n');
}

function shown({ median, mean, max }: Spread): string {
  return `${String(median)}, ${mean.toFixed(2)}, ${String(max)}`;
}

function again(repeated: Figures['repeated']): string {
  const each = Object.entries(repeated).map(([detection, count]) => `${detection} ${String(count)}`);
  return each.length === 0 ? 'none' : each.join(', ');
}
