import { beforeAll, describe, expect, it } from 'vitest';
import { Replay } from '../../../cli/replaying.ts';
import { alertJson } from '../../../shared/alert/json.ts';
import { responseTo } from '../../../shared/alert/response/response.ts';
import { alertText } from '../../../shared/alert/text.ts';
import { catalogue } from '../../../shared/detect/registry.ts';
import type { Alert } from '../../../shared/triage/alert.ts';
import { quietScreen, replayOptionsFor, samplesIn } from '../../support/samples.ts';

/** One alert of each detection, from its first sample that fires. */
const alerts: Alert[] = [];

beforeAll(async () => {
  for (const { strategy, detection } of catalogue) {
    for (const sample of samplesIn(strategy, detection.id).filter(({ fires }) => fires)) {
      const outcome = await new Replay(replayOptionsFor(sample)).run(quietScreen);
      const alert = outcome.alerts.find(({ speaker }) => speaker.detection === detection.id);
      if (alert === undefined) continue;
      alerts.push(alert);
      break;
    }
  }
});

/** Lines of a text that say something wrong with it. */
function oddLines(text: string, width: number): string[] {
  return text.split('\n').filter(
    (line, index) =>
      /undefined|\[object|\bNaN\b|Infinity/.test(line) ||
      /[^\n\P{Cc}]/u.test(line) ||
      // A label without a text, or a hole in a sentence: after the label and the text's own indentation.
      /^ {2}\S+ *$/.test(line) ||
      (index > 0 && /\S {2,}\S/.test(line.slice(12)) && !line.includes('  # look up ')) ||
      / $|, ,|: ,|\(\)| \.$/.test(line) ||
      (line.length > width && !/^ +(?:\$ |https:|')?\S*(?: \\)?$/.test(line) && !line.includes("'")),
  );
}

describe('the alert of every detection', () => {
  it('was found', () => {
    expect(new Set(alerts.map(({ speaker }) => speaker.detection)).size).toBe(catalogue.length);
  });

  it.each([80, 100, 110])('reads well on %i columns, short and full', (width) => {
    const odd = alerts.flatMap((alert) =>
      [false, true].flatMap((full) =>
        oddLines(alertText(alert, { width, colour: false, full }), width).map((line) => `${alert.speaker.detection}: ${line}`),
      ),
    );
    expect(odd).toEqual([]);
  });

  it('has at most 30 lines in its short form', () => {
    const long = alerts.filter((alert) => alertText(alert, { width: 100, colour: false }).split('\n').length > 30);
    expect(long.map(({ speaker }) => speaker.detection)).toEqual([]);
  });

  it('says how to verify it, how to stop it, where to look, why it happened and how to report it', () => {
    const lacking = alerts.filter((alert) => {
      const phases = new Set(responseTo(alert).steps.map(({ phase }) => phase));
      return (
        !phases.has('verify') ||
        !(phases.has('contain') || phases.has('revoke')) ||
        !phases.has('investigate') ||
        !phases.has('root-cause') ||
        !phases.has('report')
      );
    });
    expect(lacking.map(({ speaker }) => speaker.detection)).toEqual([]);
  });

  it('says what cannot be known', () => {
    expect(alerts.filter((alert) => responseTo(alert).unknowns.length === 0).map(({ speaker }) => speaker.detection)).toEqual([]);
  });

  it('gives commands for this very case: something is filled in, and nothing goes into a container', () => {
    const generic = alerts.filter((alert) => {
      const commands = responseTo(alert).steps.flatMap((step) => step.commands ?? []);
      expect(commands.join('\n')).not.toMatch(/kubectl (?:exec|cp|attach|debug)/);
      return commands.filter((command) => !command.includes('# look up')).length < 3;
    });
    expect(generic.map(({ speaker }) => speaker.detection)).toEqual([]);
  });

  it('has a JSON form of at most 40 kilobytes', () => {
    expect(Math.max(...alerts.map((alert) => alertJson(alert).length))).toBeLessThan(40_000);
  });
});
