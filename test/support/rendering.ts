import { detectionFinding } from '../../shared/alert/ocsf.ts';
import { alertMessage } from '../../shared/alert/message.ts';
import { publishedAlert } from '../../shared/alert/published.ts';
import { slackMessage } from '../../shared/alert/slack.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { ocsfFaults } from './ocsf.ts';
import { textsIn } from './published.ts';

/** What is wrong with how channels tell of an alert: nothing, it is to be hoped. */
export function renderingFaults(alert: Alert): string[] {
  const { body } = alertMessage(alert, 'first seen');
  const published = publishedAlert(JSON.parse(body));
  if (published === undefined) return ['what is published is no alert'];
  const slack = textsIn(slackMessage(published)).filter((text) => text.startsWith('Normal: '));
  const plain = published.text.filter((line) => line.startsWith('  normal '));
  return [
    ...ocsfFaults(detectionFinding(published)),
    ...(alert.speaker.baseline === undefined ? [] : [...normalFaults('Slack', slack), ...normalFaults('text', plain)]),
  ];
}

/** Names of figures that are for programs: words say them otherwise. */
const keys = /[{}]|"\w+":|\b(?:known windows|usual deviation|time class|counted: one connection in|known for days)\b/;

function normalFaults(where: string, lines: readonly string[]): string[] {
  if (lines.length !== 1) return [`${where} says ${String(lines.length)} times what is normal`];
  return lines.filter((line) => keys.test(line)).map((line) => `${where}: ${line}`);
}
