import type { Evidence } from '../model/finding.ts';
import type { Place } from './place.ts';
import { isDrawn, type Measured, measuredIn, novelIn } from './baseline.ts';
import { amount, baselinePlot, novelty, sentence } from './baseline-plot.ts';
import { cellTime, clockOf } from './clock.ts';
import { type Graph, graphOf } from './graph.ts';
import { didText, picture, thingText } from './graph-picture.ts';
import type { Story } from './incident.ts';
import { laneChart, legend, type Mark } from './lane-chart.ts';
import { clipped, type Content, markup, type Markup, table } from './markup.ts';
import { byGravity, type Told } from './told.ts';
import { touchesOf } from './touches.ts';

const laneNames: Readonly<Record<string, string>> = {
  audit: 'Audit log',
  authenticator: 'Authenticator',
  api: 'AWS API',
  flow: 'Flow log',
  signal: 'Other signals',
  intake: 'The logs themselves',
  sequence: 'Incidents',
};
const otherLane = 'Findings';

/** The name of the log that something was read from. */
function laneOf(source: string): string {
  return Object.hasOwn(laneNames, source) ? (laneNames[source] ?? otherLane) : otherLane;
}

const lanes = [...Object.values(laneNames), otherLane];
/** Moments that the chart numbers and the table lists. */
const mostMoments = 60;
const mostMarks = 400;
const mostBaselines = 8;
const mostArrows = 60;

/** A figure that scrolls by itself where the screen is too narrow for it. */
function figure(drawing: Markup, name: string, caption: Content): Markup {
  return markup`<figure><div class="scroll" role="region" aria-label="${name}" tabindex="0">${drawing}</div><figcaption>${caption}</figcaption></figure>`;
}

/** When what happened, in which log. */
export function timelineBlock({ moments }: Story, { anchorOf, room }: Place): Markup | undefined {
  const shown = moments.length <= mostMoments ? moments : [...moments.slice(0, mostMoments / 2), ...moments.slice(-mostMoments / 2)];
  if (shown.length === 0) return undefined;
  const marks = shown.map(({ time, until, source, severity, title }, index): Mark => ({ time, until, lane: laneOf(source), severity, label: String(index + 1), title: `${clockOf(time, true)} ${title}` })); // prettier-ignore
  const rows = shown.map((each, index): Content[] => [
    String(index + 1),
    cellTime(each.time, each.until),
    laneOf(each.source),
    markup`<span class="severity ${each.severity}">${each.severity}</span>`,
    [linked(each.alert, each.title, anchorOf), markup`<br>`, clipped(each.summary, room.note)],
  ]);
  const left = moments.length - shown.length;
  return markup`${figure(laneChart(marks, lanes, `${String(shown.length)} moments by log and time; the table below lists them`), 'Timeline', [legend(marks.map(({ severity }) => severity)), 'Times are UTC. The numbers are those of the table.'])}
${table(
  'Timeline, oldest first',
  [
    { name: '#', look: 'tight' },
    { name: 'Time (UTC)', look: 'tight' },
    { name: 'Log', look: 'tight' },
    { name: 'Severity', look: 'tight' },
    { name: 'What happened', look: 'wide' },
  ],
  rows,
)}
${left > 0 ? markup`<p class="note">${left} moments between the first and the last ${mostMoments / 2} are left out.</p>` : undefined}`;
}

function linked(alert: string, title: string, anchorOf: (id: string) => string | undefined): Markup {
  const anchor = anchorOf(alert);
  return anchor === undefined
    ? markup`<strong>${clipped(title, 200)}</strong>`
    : markup`<a href="#${anchor}"><strong>${clipped(title, 200)}</strong></a>`;
}

/** All alerts of a replay over time. */
export function overviewTimeline(tolds: readonly Told[]): Markup {
  const marks = tolds.slice(0, mostMarks).map(({ alert, severity, source }): Mark => ({ time: alert.firstSeen, until: alert.lastSeen, lane: laneOf(source), severity, title: `${clockOf(alert.firstSeen, true)} ${alert.speaker.title}: ${alert.speaker.entity.name}`.slice(0, 300) })); // prettier-ignore
  const more = tolds.length - marks.length;
  return figure(
    laneChart(
      marks,
      lanes,
      `${String(marks.length)} alerts by log and time, from the first finding of each to its last; the index lists them`,
      true,
    ),
    'Timeline of all alerts',
    [
      legend(marks.map(({ severity }) => severity)),
      `Each sign is an alert at its first finding, or several with their number; bars reach to the last finding. Times are UTC.${more > 0 ? ` ${String(more)} milder alerts are left out.` : ''}`,
    ],
  );
}

/** Who touched what, drawn and as a table. */
export function pictureBlock(tolds: readonly Told[], folded = false): Markup | undefined {
  const graph = graphOf(touchesOf(tolds));
  if (graph.arrows.length === 0) return undefined;
  const name = `${String(graph.boxes.length)} identities, workloads, objects and addresses, and ${String(graph.arrows.length)} arrows that say what was done; the table below lists them`;
  const hidden = graph.hidden === 0 ? '' : ` ${String(graph.hidden)} milder or rarer things are left out.`;
  return markup`${figure(picture(graph, name), 'Who touched what', [legend(graph.arrows.map(({ severity }) => severity).concat(graph.boxes.map(({ severity }) => severity))), `From the evidence kept with the alerts.${hidden} What is alike in all it touches is one box.`])}
${folded ? markup`<details><summary>The same as a table</summary>${arrowTable(graph)}</details>` : arrowTable(graph)}`;
}

function arrowTable({ boxes, arrows }: Graph): Markup {
  const named = new Map(boxes.map((box) => [box.key, thingText(box)]));
  const cell = (key: string): Content => {
    const [name = '', kind = ''] = named.get(key) ?? [];
    return [clipped(name, 120), markup` <small>${kind}</small>`];
  };
  const rows = arrows.slice(0, mostArrows).map((arrow): Content[] => [cell(arrow.from), clipped(didText(arrow, 60), 200), cell(arrow.to)]);
  const more = arrows.length - rows.length;
  return markup`${table('Who did what to whom', [{ name: 'Who' }, { name: 'Did' }, { name: 'To what' }], rows)}${more > 0 ? markup`<p class="note">${more} more arrows are in the picture only.</p>` : undefined}`;
}

/** What was normal, drawn where there are numbers to draw. */
export function baselineBlock(tolds: readonly Told[], { anchorOf }: Place): Markup | undefined {
  const all = tolds.flatMap((told) => {
    const { baseline } = told.alert.speaker;
    return baseline === undefined || Object.keys(baseline).length === 0 ? [] : [{ told, baseline, measured: measuredIn(baseline) }];
  });
  if (all.length === 0) return undefined;
  // Pictures say most, so they come first where there is no room for all.
  const sorted = all.toSorted((a, b) => Number(b.measured !== undefined) - Number(a.measured !== undefined));
  const shown = sorted.slice(0, mostBaselines).map(({ told, baseline, measured }) => {
    const novel = novelIn(baseline);
    const title = tolds.length === 1 ? undefined : markup`<p class="of">${linked(told.id, told.alert.speaker.title, anchorOf)}</p>`; // prettier-ignore
    const how = measured === undefined ? (novel === undefined ? undefined : 'novel') : 'measured';
    const drawing = measured === undefined ? novel && novelty(novel) : plot(measured);
    const rest = Object.entries(baseline).filter(([name, value]) => value !== '' && (how === undefined || !isDrawn(name, how)));
    return markup`<div class="baseline ${told.severity}">${title}${drawing}${words(rest)}</div>`;
  });
  const more = all.length - shown.length;
  return markup`${shown}${more > 0 ? markup`<p class="note">${more} more stand with the alerts themselves.</p>` : undefined}`;
}

function plot(measured: Measured): Markup {
  const { observed, limit, unit } = measured;
  const [seen] = observed.toSorted((a, b) => b.value - a.value);
  const times = seen === undefined || limit === undefined || limit <= 0 ? '' : ` ${amount(seen.value / limit, 'ratio')} times the limit.`;
  const said = unit === 'ratio' ? sentence(measured) : `${sentence(measured)}.${times}`;
  return figure(baselinePlot(measured), 'Seen against the baseline', said);
}

function words(rest: readonly (readonly [string, string | number])[]): Markup | undefined {
  if (rest.length === 0) return undefined;
  const rows = rest
    .slice(0, 30)
    .map(([name, value]) => markup`<div><dt>${clipped(name, 60)}</dt><dd>${typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 2 }) : clipped(value, 300)}</dd></div>`); // prettier-ignore
  return markup`<dl class="numbers">${rows}</dl>`;
}

/** Records of an incident's part beside those of the others. */
const leastOfEach = 3;

interface Piece {
  readonly evidence: Evidence;
  readonly source: Told;
}

/** The records that it rests on; of an incident, some of each alert it consists of, so that none drowns the others. */
export function evidenceBlock(told: Told, { members }: Story, { room, anchorOf }: Place): Markup {
  const whole = members.length > 0;
  const sources = whole ? members : [told];
  const of = once(sources.toSorted(byGravity).flatMap((source) => source.evidence.map((evidence) => ({ evidence, source }))));
  const most = whole ? Math.max(leastOfEach, Math.floor((3 * room.evidence) / members.length)) : room.evidence;
  const shown = [...Map.groupBy(of, ({ source }) => source).values()]
    .flatMap((some) => some.slice(-most))
    .slice(0, whole ? 4 * room.evidence : most);
  if (shown.length === 0) return markup`<p class="note">No records are kept with it.</p>`;
  const rows = shown
    .toSorted((a, b) => a.evidence.time - b.evidence.time)
    .map(({ evidence: { time, note, eventId, record }, source }): Content[] => [
      cellTime(time),
      [clipped(note, room.note), ...(whole ? [markup`<br><small>${linked(source.id, source.alert.speaker.title, anchorOf)}</small>`] : [])],
      eventId !== undefined && eventId !== '' ? code(eventId) : record === undefined ? '–' : code(record),
    ]);
  const columns = [{ name: 'Time (UTC)', look: 'tight' }, { name: 'Who did what, from where', look: 'wide' }, { name: 'Event id or record', look: 'wide' }] as const; // prettier-ignore
  const all = whole ? of.length : told.alert.count;
  return markup`${table('Records, oldest first', columns, rows)}${
    all <= shown.length
      ? undefined
      : whole
        ? markup`<p class="note">${shown.length} of the ${all} records kept with its alerts, the newest of each.</p>`
        : markup`<p class="note">The newest ${shown.length} of ${all.toLocaleString('en')} findings.</p>`
  }`;
}

function once(records: readonly Piece[]): readonly Piece[] {
  const seen = new Set<string>();
  return records.filter(({ evidence: { eventId, record, time, note } }) => {
    const key = eventId ?? record ?? `${String(time)} ${note}`;
    return !seen.has(key) && seen.add(key);
  });
}

function code(text: string): Markup {
  return markup`<code>${clipped(text, 300)}</code>`;
}
