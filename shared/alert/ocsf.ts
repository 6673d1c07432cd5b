import { techniques } from '../knowledge/attack.ts';
import { tacticNamed } from '../knowledge/tactics.ts';
import { isSeverity, type Severity } from '../model/finding.ts';
import { harmless } from './escape.ts';
import { linksOf } from './links.ts';
import { type PublishedAlert, tacticsOf } from './published.ts';
import { evidenceLines, facts, stepLines, timelineLines } from './wording.ts';

/**
 * Alerts as OCSF Detection Findings. Only attributes that the class has had since 1.1.0, which is the version that Amazon Security
 * Lake's own sources write; what OCSF has no place for stands under `unmapped`.
 * Source: ocsf/ocsf-schema, events/findings/detection_finding.json and objects/*.json.
 */
const version = '1.1.0';
const category = 2;
const detectionFindingClass = 2004;
const severities: Readonly<Record<Severity, number>> = { low: 2, medium: 3, high: 4, critical: 5 };
const confidences: Readonly<Record<string, number>> = { low: 1, medium: 2, high: 3 };
/** An analytic of the type "Rule"; 2 is "Behavioral", which most detections are. */
const behavioural = 2;
const longest = 2_000;
const mostLines = 50;

type Json = Readonly<Record<string, unknown>>;

/** An alert as an OCSF event of class 2004. */
export function detectionFinding(alert: PublishedAlert): Json {
  const activity = activityOf(alert);
  const time = Date.parse(alert.lastSeen);
  return {
    activity_id: activity,
    category_uid: category,
    class_uid: detectionFindingClass,
    type_uid: detectionFindingClass * 100 + activity,
    severity_id: isSeverity(alert.severity) ? severities[alert.severity] : 0,
    confidence_id: (Object.hasOwn(confidences, alert.confidence) ? confidences[alert.confidence] : undefined) ?? 0,
    status_id: activity === 3 ? 4 : 1,
    time: Number.isNaN(time) ? 0 : time,
    count: Math.max(1, alert.count),
    ...named('message', alert.summary),
    metadata: {
      version,
      profiles: ['cloud'],
      product: { name: 'Plimsoll', vendor_name: 'Plimsoll' },
      ...(alert.reason === '' ? {} : { labels: [said(alert.reason)] }),
    },
    cloud: {
      provider: 'AWS',
      ...named('region', alert.region),
      ...(alert.account === '' ? {} : { account: { uid: said(alert.account) } }),
    },
    finding_info: informationOf(alert),
    resources: [
      { type: 'EKS cluster', name: said(alert.cluster) || 'unknown', ...named('region', alert.region) },
      { type: said(alert.entity.kind) || 'entity', name: said(alert.entity.name) || 'unknown' },
    ],
    ...remediationOf(alert),
    unmapped: unmapped(alert),
  };
}

/** 1 Create, 2 Update, 3 Close. */
function activityOf({ state, telling, reason }: PublishedAlert): 1 | 2 | 3 {
  if (state === 'closed') return 3;
  return (telling === undefined ? reason === 'first seen' : telling <= 1) ? 1 : 2;
}

function informationOf(alert: PublishedAlert): Json {
  return {
    uid: said(alert.id) || 'unknown',
    title: said(alert.title) || 'alert',
    ...named('desc', alert.summary),
    types: tacticsOf(alert).map((slug) => tacticNamed(slug)?.name ?? slug),
    ...moment('first_seen_time', alert.firstSeen),
    ...moment('last_seen_time', alert.lastSeen),
    analytic: { uid: said(alert.detection) || 'unknown', ...named('name', alert.title), type_id: behavioural },
    attacks: alert.attack.flatMap(attackOf),
    related_events: alert.evidence.flatMap(({ reference }) => (reference === '' ? [] : [{ uid: said(reference) }])),
  };
}

function attackOf(id: string): Json[] {
  const known = Object.hasOwn(techniques, id) ? techniques[id] : undefined;
  if (known === undefined) return [];
  const tactic = tacticNamed(known.tactic);
  const [parent = id, sub] = id.split('.');
  const parentName = Object.hasOwn(techniques, parent) ? techniques[parent]?.name : undefined;
  return [
    {
      version: '19.0',
      ...(tactic === undefined ? {} : { tactic: { uid: tactic.id, name: tactic.name } }),
      technique: { uid: parent, ...(parentName === undefined ? {} : { name: parentName }) },
      ...(sub === undefined ? {} : { sub_technique: { uid: id, name: known.name } }),
    },
  ];
}

function remediationOf(alert: PublishedAlert): Json {
  const desc = alert.steps.length === 0 ? alert.next : alert.steps.flatMap(stepLines).slice(0, mostLines).join(' | ');
  const references = linksOf(alert).map(({ url }) => url);
  return desc === '' ? {} : { remediation: { desc: harmless(desc, 4 * longest), ...(references.length === 0 ? {} : { references }) } };
}

function unmapped(alert: PublishedAlert): Json {
  return {
    facts: facts(alert).map(([name, value]) => said(`${name}: ${value}`)),
    normal: said(alert.normal),
    evidence: evidenceLines(alert, mostLines).map(said),
    unknowns: alert.unknowns.slice(0, mostLines).map(said),
    timeline: timelineLines(alert).slice(0, mostLines).map(said),
    blind: alert.blind.slice(0, mostLines).map(said),
  };
}

function moment(name: string, time: string): Json {
  const at = Date.parse(time);
  return Number.isNaN(at) ? {} : { [name]: at };
}

function named(name: string, value: string): Json {
  return value === '' ? {} : { [name]: said(value) };
}

function said(text: string): string {
  return harmless(text, longest);
}
