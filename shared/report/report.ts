import { gravestFirst, type Severity } from '../model/finding.ts';
import type { Alert } from '../triage/alert.ts';
import { article, listed } from './article.ts';
import type { Place, Room } from './place.ts';
import { caveatsOf } from './caveats.ts';
import { cellTime, moment } from './clock.ts';
import { overviewTimeline, pictureBlock } from './figures.ts';
import { storyOf } from './incident.ts';
import { clipped, type Content, markup, type Markup, table } from './markup.ts';
import { page } from './page.ts';
import { byGravity, isIncident, type SourceOf, type Told, toldOf } from './told.ts';

/** A report, and what of it there was no room for. */
export interface Report {
  readonly html: string;
  readonly shown: number;
  /** Alerts that are counted in it and have no section. */
  readonly leftOut: number;
}

/** What a report of many alerts is made from. */
export interface Matter {
  readonly alerts: readonly Alert[];
  readonly sourceOf: SourceOf;
  /** What else a reader should know of: detections that were off, lines that could not be used. */
  readonly remarks: readonly string[];
}

/** Bytes of a document: mail and tickets take it. */
const largest = 2_000_000;
/** Tried in turn until the document fits. */
const rooms: readonly [Room, ...Room[]] = [
  { evidence: 20, note: 700, steps: 'all' },
  { evidence: 10, note: 400, steps: 'all' },
  { evidence: 5, note: 260, steps: 'first' },
  { evidence: 2, note: 160, steps: 'first' },
];
const mostSections = 400;
const mostRemarks = 60;
/** Alerts whose deeds are drawn together. */
const mostPictured = 200;

/** The report of one incident or alert, with the alerts that it consists of. */
export function incidentReport(alert: Alert, members: readonly Alert[], sourceOf: SourceOf): Report {
  const told = toldOf(alert, sourceOf);
  const all = new Map(members.map((member) => [member.id, toldOf(member, sourceOf)]));
  const story = storyOf(told, all);
  const [room] = rooms;
  const anchors = anchorsOf(story.members);
  const parts = story.members.map((member) =>
    article(member, { moments: [], members: [], missing: 0 }, { level: 3, anchorOf: anchors, room, alone: false }),
  );
  const body = markup`<header><p class="brand">Plimsoll · ${isIncident(told) ? 'incident report' : 'alert report'}</p></header>
<main id="content" class="report">
${article(told, story, { level: 1, anchorOf: (id) => (id === told.id ? 'top' : anchors(id)), room, alone: true })}
${parts.length === 0 ? undefined : markup`<section><h2>The alerts it consists of</h2>${parts}</section>`}
</main>
${footer()}`;
  const html = page(`${told.severity}: ${alert.speaker.title}`, body);
  return { html, shown: 1 + parts.length, leftOut: story.missing };
}

/** The report of all that a replay found: the gravest first, incidents before alerts. */
export function replayReport({ alerts, sourceOf, remarks }: Matter): Report {
  const tolds = alerts.map((alert) => toldOf(alert, sourceOf)).sort(byGravity);
  const sorted = [...tolds.filter(isIncident), ...tolds.filter((told) => !isIncident(told))];
  const start = tolds.length === 0 ? undefined : overview(tolds);
  let report = { html: '', shown: 0, leftOut: 0 };
  for (let most = mostSections; most > 0; most = Math.floor(most / 2)) {
    for (const room of rooms) {
      report = written(sorted, start, most, room, remarks);
      if (Buffer.byteLength(report.html) <= largest) return report;
    }
  }
  return report;
}

function written(tolds: readonly Told[], start: Markup | undefined, most: number, room: Room, remarks: readonly string[]): Report {
  const shown = tolds.slice(0, most);
  const all = new Map(tolds.map((told) => [told.id, told]));
  const place: Place = { level: 3, anchorOf: anchorsOf(shown), room, alone: false };
  const sections = (name: string, some: readonly Told[]): Markup | undefined =>
    some.length === 0
      ? undefined
      : markup`<section><h2>${name}</h2>${some.map((told) => article(told, storyOf(told, all), place))}</section>\n`;
  const leftOut = tolds.length - shown.length;
  const clusters = [...new Set(tolds.map(({ alert }) => alert.speaker.cluster).filter((name) => name !== ''))];
  const title =
    clusters.length === 0
      ? 'What was found'
      : `What was found in ${clusters.slice(0, 3).join(', ')}${clusters.length > 3 ? ' and others' : ''}`;
  const body = markup`<header><p class="brand">Plimsoll · replay report</p><h1>${clipped(title, 160)}</h1><p class="lede">${lede(tolds)}</p></header>
<main id="content">
${tally(tolds)}
${start}
${tolds.length === 0 ? undefined : index(shown, leftOut, place)}
${sections('Incidents', shown.filter(isIncident))}
${sections(
  'Alerts',
  shown.filter((told) => !isIncident(told)),
)}
<section><h2>About this report</h2>
${listed([...caveatsOf(tolds.map(({ source }) => source)), `Evidence holds the newest records of each alert, at most ${String(room.evidence)} here.`])}
${remarks.length === 0 ? undefined : markup`<h3>What the replay remarked</h3>${listed(remarks.slice(0, mostRemarks))}`}
</section>
</main>
${footer()}`;
  return { html: page(title, body), shown: shown.length, leftOut };
}

function anchorsOf(tolds: readonly Told[]): (id: string) => string | undefined {
  // Counted: an id may hold anything.
  const anchors = new Map(tolds.map(({ id }, index) => [id, `alert-${String(index + 1)}`]));
  return (id) => anchors.get(id);
}

function lede(tolds: readonly Told[]): Content {
  if (tolds.length === 0) return 'No alerts.';
  const first = Math.min(...tolds.map(({ alert }) => alert.firstSeen));
  const last = Math.max(...tolds.map(({ alert }) => alert.lastSeen));
  const incidents = tolds.filter(isIncident).length;
  const open = tolds.filter(({ alert }) => alert.state === 'open').length;
  const what = [counted(incidents, 'incident'), counted(tolds.length - incidents, 'alert')].filter((part) => part !== '').join(' and ');
  return [
    `${what}, ${open === tolds.length ? 'all open' : `${String(open)} of them open`}, from events between `,
    moment(first),
    ' and ',
    moment(last),
    '.',
  ];
}

function counted(many: number, noun: string): string {
  return many === 0 ? '' : `${many.toLocaleString('en')} ${noun}${many === 1 ? '' : 's'}`;
}

function tally(tolds: readonly Told[]): Markup {
  const of = (severity: Severity): number => tolds.filter((told) => told.severity === severity).length;
  return markup`<ul class="tally">${gravestFirst.map((severity) => markup`<li class="${severity}"><b>${of(severity)}</b><span>${severity}</span></li>`)}</ul>`;
}

function overview(tolds: readonly Told[]): Markup {
  const grave = tolds.filter(({ severity }) => severity === 'critical' || severity === 'high');
  const gravest = grave.length === 0 ? tolds : grave;
  const from = gravest.slice(0, mostPictured);
  const pictured = pictureBlock(from, true);
  const which =
    gravest.length > from.length
      ? `, in the ${String(mostPictured)} gravest alerts`
      : grave.length === 0
        ? ''
        : ', in critical and high alerts';
  return markup`<section><h2>Overview</h2><h3>When, and in which log</h3>${overviewTimeline(tolds)}
${pictured === undefined ? undefined : markup`<h3>Who touched what${which}</h3>${pictured}`}</section>`;
}

function index(tolds: readonly Told[], leftOut: number, { anchorOf }: Place): Markup {
  const rows = tolds.map((told): Content[] => {
    const { speaker, firstSeen, count, state } = told.alert;
    const title = markup`<a href="#${anchorOf(told.id)}">${clipped(speaker.title, 160)}</a>`;
    const kind = isIncident(told) ? markup` <small>incident</small>` : state === 'open' ? undefined : markup` <small>${state}</small>`;
    return [
      markup`<span class="severity ${told.severity}">${told.severity}</span>`,
      [title, kind],
      clipped(speaker.entity.name, 90),
      cellTime(firstSeen),
      count,
    ];
  });
  const columns = [{ name: 'Severity' }, { name: 'What', look: 'wide' }, { name: 'Who or what' }, { name: 'First seen (UTC)', look: 'tight' }, { name: 'Times', look: 'number' }] as const; // prettier-ignore
  return markup`<section><h2>Index</h2><nav aria-label="Index of incidents and alerts">${table('Incidents first, then the gravest', columns, rows)}</nav>
${leftOut > 0 ? markup`<p class="note">${leftOut} milder alerts are counted above and left out here: the document would be too large. The JSON form holds all.</p>` : undefined}</section>`;
}

function footer(): Markup {
  return markup`<footer>Made by Plimsoll from the logs it was given. One file, no network: keep it with the case.</footer>`;
}
