import { clipped, heading, markup, type Markup } from './markup.ts';
import type { Step, Told } from './told.ts';

const phases: readonly (readonly [string, string])[] = [
  ['verify', 'Verify'],
  ['contain', 'Contain'],
  ['investigate', 'Investigate'],
  ['revoke', 'Revoke'],
  ['root-cause', 'Find the cause'],
  ['report', 'Report'],
];
const longestStep = 1_500;
const longestCommand = 4_000;
const mostCommands = 12;
const mostAdvice = 12;

/** What to do, to be ticked off on the screen or on paper. Nothing of it is done by itself. */
export function checklist(told: Told, members: readonly Told[], level: number): Markup {
  const { next } = told.alert.speaker;
  const known = new Set(phases.map(([phase]) => phase));
  const other: readonly (readonly [string, string])[] = told.steps.some(({ phase }) => !known.has(phase)) ? [['', 'More']] : [];
  const grouped = [...phases, ...other].map(([phase, name]) => {
    const steps = told.steps.filter((step) => (phase === '' ? !known.has(step.phase) : step.phase === phase));
    return steps.length === 0 ? undefined : markup`${heading(level, name)}<ul class="checklist">${steps.map(item)}</ul>`;
  });
  const advice = [...new Set(members.map(({ alert }) => alert.speaker.next))].filter((each) => each !== next);
  return markup`<ul class="checklist">${item({ text: next })}</ul>${grouped}${
    advice.length === 0
      ? undefined
      : markup`${heading(level, 'From the alerts it consists of')}<ul class="checklist">${advice.slice(0, mostAdvice).map((text) => item({ text }))}</ul>${advice.length > mostAdvice ? markup`<p class="note">${advice.length - mostAdvice} more stand with the alerts themselves.</p>` : undefined}`
  }${links(told)}`;
}

/** Where to begin, in a document that has no room for every step. */
export function beginning({ id, alert }: Told): Markup {
  return markup`<ul class="checklist">${item({ text: alert.speaker.next })}</ul><p class="note">Every step with its commands stands in the report of this alert alone: npm run report -- ${id}</p>`;
}

function item({ text, commands = [], caveat }: Pick<Step, 'text'> & Partial<Step>): Markup {
  const lines = commands.slice(0, mostCommands).map((command) => markup`<pre><code>${command.slice(0, longestCommand).split('\n').map((line, index) => [index === 0 ? '' : markup`\n`, line])}</code></pre>`); // prettier-ignore
  return markup`<li><label><input type="checkbox"><span>${clipped(text, longestStep)}</span></label>${lines}${caveat === undefined ? undefined : markup`<p class="note">${clipped(caveat, longestStep)}</p>`}</li>\n`;
}

function links({ links: all }: Told): Markup | undefined {
  if (all.length === 0) return undefined;
  const items = all.slice(0, 20).map(({ label, url }) => {
    const safe = consoleUrl(url);
    return safe === undefined
      ? markup`<li>${clipped(label, 200)}: ${clipped(url, 300)}</li>`
      : markup`<li><a href="${safe}" rel="noopener noreferrer">${clipped(label, 200)}</a></li>`;
  });
  return markup`<ul class="links">${items}</ul>`;
}

const consoles = ['aws.amazon.com', 'amazonaws-us-gov.com', 'amazonaws.cn'];

/** Only a page of the AWS console is a link: whatever else a stored alert may hold is text. */
function consoleUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, username, password, port, href } = new URL(text);
  const isConsole = consoles.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
  return protocol === 'https:' && isConsole && username + password + port === '' ? href : undefined;
}
