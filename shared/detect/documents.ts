import { techniques } from '../knowledge/attack.ts';
import type { Detection } from './kit.ts';

/** What stands between these marks follows from code. */
const begin = '<!-- generated: detections -->';
const end = '<!-- /generated -->';

/** A document with its generated part replaced. Throws where the marks are missing. */
export function replaceGenerated(document: string, generated: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the marks ${begin} and ${end} are missing`);
  return `${document.slice(0, from)}${begin}\n\n${generated}\n${document.slice(to)}`;
}

/** The table of a strategy's detections for its ADS document. */
export function adsTable(detections: readonly Detection[]): string {
  const rows = detections.map(
    ({ id, title, shape, severity, attack, rows: behaviours }) =>
      `| [\`${id}\`](${id}.ts) | ${title} | ${shape} | ${severity} | ${attack.map((technique) => `${technique} ${techniques[technique]?.name ?? ''}`).join('<br>')} | ${behaviours.join(', ')} |`,
  );
  return ['| detection | what it tells | shape | severity | ATT&CK | behaviours |', '|---|---|---|---|---|---|', ...rows, ''].join('\n');
}
