import { caveatsOf } from './caveats.ts';
import { beginning, checklist } from './checklist.ts';
import { facts } from './facts.ts';
import { baselineBlock, evidenceBlock, pictureBlock, timelineBlock } from './figures.ts';
import type { Story } from './incident.ts';
import { clipped, heading, markup, type Markup } from './markup.ts';
import type { Place } from './place.ts';
import { isIncident, type Told } from './told.ts';

const longestSummary = 1_200;

/** The section of an alert or incident. */
export function article(told: Told, story: Story, place: Place): Markup {
  const { level, alone, room } = place;
  const anchor = place.anchorOf(told.id) ?? 'alert';
  const whole = isIncident(told);
  const block = (name: string, content: Markup | undefined): Markup | undefined =>
    content === undefined ? undefined : markup`<section class="block">${heading(level + 1, name)}${content}</section>`;
  const drawn = whole || alone;
  return markup`<article class="${told.severity}" aria-labelledby="${anchor}">
<header>${heading(level, [markup`<span class="severity ${told.severity}">${told.severity}</span> `, clipped(told.alert.speaker.title, 200)], anchor)}
<p class="lede">${clipped(told.alert.speaker.summary, longestSummary)}</p></header>
${facts(told, story)}
${block('What is not known', unknowns(told, story))}
${drawn ? block('Timeline', timelineBlock(story, place)) : undefined}
${drawn ? block('Who touched what', pictureBlock([told, ...story.members])) : undefined}
${block(whole ? 'Baselines' : 'Against which baseline', baselineBlock([told, ...(alone || whole ? story.members : [])], place))}
${block('Evidence', evidenceBlock(told, story, place))}
${block('Response', room.steps === 'all' ? checklist(told, story.members, level + 2) : beginning(told))}
${alone ? block('How far these logs reach', listed(caveatsOf([told, ...story.members].map(({ source }) => source)))) : undefined}
</article>\n`;
}

/** Sentences in a list. */
export function listed(sentences: readonly string[]): Markup {
  return markup`<ul class="plain">${sentences.map((sentence) => markup`<li>${clipped(sentence, 2_000)}</li>`)}</ul>`;
}

function unknowns({ unknowns: told, blind, alert }: Told, { missing }: Story): Markup | undefined {
  const kept = alert.ids.length;
  const all = [
    ...told,
    ...blind,
    ...(alert.speaker.late ? ['A record arrived late: what happened around it may still be on its way.'] : []),
    ...(alert.count > kept && kept > 0 ? [`Of ${String(alert.count)} findings, ${String(kept)} are kept one by one.`] : []),
    ...(missing > 0 ? [`${String(missing)} of the alerts that it consists of are not at hand here.`] : []),
  ];
  return all.length === 0 ? undefined : listed(all);
}
