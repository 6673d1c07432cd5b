import { closingText } from '../alert/text.ts';
import { techniques } from '../knowledge/attack.ts';
import { moment, span } from './clock.ts';
import { clipped, type Content, markup, type Markup } from './markup.ts';
import type { Story } from './incident.ts';
import type { Moment, Told } from './told.ts';

const longestFact = 240;

/** What a reader asks first: who, where, since when, how sure, and where the alert stands. */
export function facts(told: Told, { moments, members }: Story): Markup {
  const { alert } = told;
  const { speaker } = alert;
  const rows: readonly (readonly [string, Content])[] = [
    ['Who', whoText(told)],
    ['Where', whereText(told)],
    ['Since', members.length > 0 || told.moments.length > 0 ? storyText(moments) : sinceText(told)],
    ['Severity', markup`<span class="severity ${told.severity}">${told.severity}</span>`],
    ['Confidence', `${speaker.confidence}${speaker.late ? '; the record arrived late' : ''}`],
    ['State', stateText(told)],
    ['ATT&CK', attackText(speaker.attack)],
    ['Detection', markup`<code>${speaker.detection}</code>${speaker.strategy === '' ? undefined : markup`, described in <code>shared/detections/${speaker.strategy}/ADS.md</code>`}`], // prettier-ignore
    ['Alert', markup`<code>${clipped(alert.id, 64)}</code>`],
  ];
  return markup`<dl class="facts">${rows.map(([name, content]) => markup`<div><dt>${name}</dt><dd>${content}</dd></div>\n`)}</dl>`;
}

function whoText({ who, alert: { speaker } }: Told): Content {
  const { name, principal, session, accessKey, serviceAccount, address, as, pod } = who;
  if (name === undefined) return [clipped(speaker.entity.name, longestFact), ` (${speaker.entity.kind.replace('-', ' ')})`];
  const parts = [
    ['session', session],
    ['access key', accessKey],
    ['service account', serviceAccount],
    ['in pod', pod],
    ['acting as', as],
    ['from', address],
    ['principal', principal === name ? undefined : principal],
  ] as const;
  const more = parts.flatMap(([label, value]) => (value === undefined ? [] : [markup`<br>${label} ${clipped(value, longestFact)}`]));
  return [markup`<strong>${clipped(name, longestFact)}</strong>`, ...more];
}

function whereText({ where, alert: { speaker } }: Told): Content {
  const { namespace, workload, pod, node, object } = where;
  const inside = [
    ['namespace', namespace],
    ['workload', workload],
    ['pod', pod],
    ['node', node],
    ['object', object],
  ] as const;
  const parts = inside.flatMap(([label, value]) => (value === undefined ? [] : [markup`${label} ${clipped(value, longestFact)}<br>`]));
  const place = [speaker.cluster && `cluster ${speaker.cluster}`, speaker.account && `account ${speaker.account}`, speaker.region];
  return [...parts, clipped(place.filter((part) => part !== '').join(', ') || 'unknown', longestFact)];
}

function sinceText({ alert: { firstSeen, lastSeen, count } }: Told): Content {
  const times = count === 1 ? 'once' : `${count.toLocaleString('en')} times`;
  if (lastSeen - firstSeen < 1_000) return [moment(firstSeen), `, ${times}`];
  return [moment(firstSeen), `, ${times} within ${span(lastSeen - firstSeen)}; last `, moment(lastSeen)];
}

/** An incident is as old as its first part. */
function storyText(moments: readonly Moment[]): Content {
  const first = Math.min(...moments.map(({ time }) => time));
  const last = Math.max(...moments.map(({ time, until }) => until ?? time));
  return [moment(first), `, ${String(moments.length)} moments within ${span(last - first)}; last `, moment(last)];
}

function stateText({ alert: { state, silencedBy, closings = [] } }: Told): Content {
  return [
    state,
    ...(silencedBy === undefined ? [] : [': ', clipped(silencedBy, longestFact)]),
    ...closings.map((closing) => [markup`<br>closed `, clipped(closingText(closing), longestFact)]),
  ];
}

function attackText(attack: readonly string[]): Content {
  if (attack.length === 0) return 'none named';
  return attack.map((id, index) => {
    const technique = Object.hasOwn(techniques, id) ? techniques[id] : undefined;
    const words = technique === undefined ? '' : ` ${technique.name} (${technique.tactic.replaceAll('-', ' ')})`;
    return [index === 0 ? '' : markup`<br>`, clipped(`${id}${words}`, longestFact)];
  });
}
