import { api } from '../../detect/kit.ts';
import { guardOfAddon } from '../../knowledge/guards.ts';
import { deedText, weighed } from '../../knowledge/monitoring.ts';
import { shorten } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import { text } from '../../model/json.ts';

const addonOf = ({ parameters }: ApiEvent): string => text(parameters['addonName']) ?? '';

/** The EKS add-on that installs a security agent is deleted or configured so that the agent does nothing. Strategy: ./ADS.md */
export const securityAddonRemoved = api.detection({
  id: 'security-addon-removed',
  title: 'EKS add-on of a security agent removed or neutralised',
  severity: 'high',
  confidence: 'high',
  attack: ['T1685'],
  rows: ['D118'],
  next: 'Restore it with `aws eks create-addon` unless the removal was planned, and see whether its pods still run on every node.',
  reads: ['eks:DeleteAddon', 'eks:UpdateAddon'],
  when: (event: ApiEvent) => guardOfAddon(addonOf(event)) !== undefined,
  judge: (event) => {
    const addon = addonOf(event);
    const product = guardOfAddon(addon)?.product ?? addon;
    const verdict = { entity: event.actor, about: `${event.cluster} ${addon}` };
    const what = `add-on ${shorten(addon)} of cluster ${event.cluster || 'of unknown name'}`;
    if (event.action === 'DeleteAddon') {
      // EKS can leave what the add-on installed running. Source: Amazon EKS API reference, `DeleteAddon`, `preserve`.
      const kept = event.parameters['preserve'] === true || event.parameters['preserve'] === 'true';
      const consequence = kept ? `${product} goes on without being managed` : `${product} is gone from every node`;
      return {
        ...verdict,
        summary: deedText(event, ['deleted', 'delete'], what, consequence),
        ...weighed(event, kept ? 'medium' : 'high'),
      };
    }
    const harm = harmIn(text(event.parameters['configurationValues']) ?? '');
    if (harm === undefined) return undefined;
    return {
      ...verdict,
      summary: deedText(event, ['configured', 'configure'], what, `${product} ${harm}`),
      ...weighed(event, 'high', 'medium'),
    };
  },
});

/** What configuration values do to an agent. They are JSON or YAML in one text, differently shaped for every add-on. */
function harmIn(values: string): string | undefined {
  if (/enableNetworkPolicy["']?\s*:\s*["']?false/i.test(values)) return 'no longer enforces network policies';
  if (/replica(?:s|Count)["']?\s*:\s*["']?0\b/i.test(values)) return 'runs no pods';
  if (/nodeSelector["']?\s*:\s*\{?\s*["'\w]/.test(values)) return 'runs on selected nodes only';
  return undefined;
}
