import { shortened } from './escape.ts';
import type { PublishedAlert } from './published.ts';
import { cut, inert } from './slack-text.ts';
import { evidenceLines, facts, headline, stepLines } from './wording.ts';

/**
 * The only form of message, besides events of AWS itself, that Amazon Q Developer in chat applications shows: it drops all others
 * without a word. Source: Amazon Q Developer user guide, "Custom notifications", which also has the lengths.
 */
export interface CustomNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** Messages with the same one stand in one thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

const longest = { title: 250, description: 8_000, step: 350, keyword: 75, context: 500 } as const;
const mostSteps = 5;
const mostEvidence = 5;

/** An alert as a custom notification. */
export function customNotification(alert: PublishedAlert): CustomNotification {
  const steps = alert.steps.length === 0 ? [[alert.next]] : alert.steps.slice(0, mostSteps).map(stepLines);
  const nextSteps = steps.map((lines) => flat(lines.join(' '), longest.step)).filter((step) => step !== '');
  return {
    version: '1.0',
    source: 'custom',
    id: named(`${alert.id}-${String(alert.telling ?? alert.count)}`),
    content: {
      textType: 'client-markdown',
      title: flat(headline(alert), longest.title),
      description: flat(description(alert), longest.description),
      ...(nextSteps.length === 0 ? {} : { nextSteps }),
      keywords: [alert.severity, alert.cluster, alert.detection].map((word) => flat(word, longest.keyword)).filter((word) => word !== ''),
    },
    metadata: {
      threadId: named(alert.id) || 'plimsoll',
      summary: flat(headline(alert), longest.title),
      eventType: named(alert.detection) || 'alert',
      additionalContext: {
        alert: named(alert.id),
        account: flat(alert.account, longest.context),
        region: flat(alert.region, longest.context),
      },
    },
  };
}

function description(alert: PublishedAlert): readonly string[] {
  return [
    alert.summary,
    ...facts(alert).map(([name, value]) => `${name}: ${value}`),
    ...(alert.normal === '' ? [] : [`Normal: ${alert.normal}`]),
    ...evidenceLines(alert, mostEvidence),
  ].map((line) => shortened(line, 1_500));
}

/** An id of ours, which must come out as it is: one of other characters is no id of ours. */
function named(id: string): string {
  return id.replace(/[^\w.-]/g, '').slice(0, longest.keyword);
}

/** Text in which nothing is Markdown, of Slack or of Teams, and nobody is mentioned. */
function flat(lines: string | readonly string[], limit: number): string {
  // A link in Markdown needs its bracket and its parenthesis side by side; a mention its sign and a name.
  const text = inert([lines].flat(), limit).replace(/\](?=[([:])|@(?=\w)/g, '$&\u200b');
  return cut(text, limit);
}
