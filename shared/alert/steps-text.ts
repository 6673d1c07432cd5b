import { printable } from './escape.ts';
import type { Phase, Response, Step } from './response/step.ts';
import { commandField, field, fits, type Page } from './wrap.ts';

const labels: Readonly<Record<Phase, string>> = {
  verify: 'verify',
  contain: 'contain',
  investigate: 'look',
  revoke: 'revoke',
  'root-cause': 'cause',
  report: 'report',
};

/** What cannot wait: how to stop it and how to end the credential, the first of each. */
export function urgentLines({ steps }: Response, page: Page): string[] {
  const [stop, end] = (['contain', 'revoke'] as const).map((phase) => steps.find((step) => step.phase === phase));
  const command = stop?.commands?.find((each) => changes(each) && fits(each, page));
  return [
    ...(stop === undefined ? [] : [field(labels.contain, printable(stop.text), page)]),
    ...(command === undefined ? [] : [commandField(printable(command), page)]),
    ...(end === undefined ? [] : [field(labels.revoke, printable(end.text), page)]),
  ];
}

/** Whether a command does more than look. */
function changes(command: string): boolean {
  return !/^kubectl (?:get|describe|logs|auth) |^aws \S+ (?:get|list|describe|filter|lookup)-/.test(command);
}

/** All steps with their commands, the pages to look at, and what no log will tell. */
export function responseLines({ steps, links, unknowns }: Response, page: Page): string[] {
  return [
    ...steps.flatMap((step, index) => stepLines(step, steps[index - 1]?.phase === step.phase ? '' : labels[step.phase], page)),
    ...links.flatMap(({ label, url }, index) => [
      field(index === 0 ? 'links' : '', printable(label), page),
      `            ${printable(url)}`,
    ]),
    ...unknowns.map((text, index) => field(index === 0 ? 'unknown' : '', printable(text), page)),
  ];
}

function stepLines({ text, commands = [], caveat }: Step, label: string, page: Page): string[] {
  return [
    field(label, printable(text), page),
    ...commands.map((command) => commandField(printable(command), page)),
    ...(caveat === undefined ? [] : [field('', `Mind: ${printable(caveat)}`, page)]),
  ];
}
