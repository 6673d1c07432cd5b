import { api } from '../../detect/kit.ts';
import { deedText, weighed } from '../../knowledge/monitoring.ts';
import type { ApiEvent } from '../../model/api.ts';
import { at, list, texts } from '../../model/json.ts';

/** Control-plane logs without which detection suffers, gravest first. */
const needed = ['audit', 'authenticator', 'api'] as const;

/** The control-plane logs of a cluster are switched off, or it is created without them. Strategy: ./ADS.md */
export const auditLoggingSwitchedOff = api.detection({
  id: 'audit-logging-switched-off',
  title: 'Control-plane logging of a cluster switched off',
  severity: 'critical',
  confidence: 'high',
  attack: ['T1685.002'],
  rows: ['D115'],
  next: 'Switch audit logging on again with `aws eks update-cluster-config`, then review the caller; what happened meanwhile was not logged.',
  reads: ['eks:UpdateClusterConfig', 'eks:CreateCluster'],
  judge: (event) => {
    const { enabled, disabled } = logTypes(event);
    const name = event.cluster || 'a cluster';
    const verdict = { entity: event.actor, about: name };
    if (event.action === 'CreateCluster') {
      if (enabled.has('audit')) return undefined;
      const summary = deedText(event, ['created', 'create'], `cluster ${name} without audit logging`, 'nothing done in it can be judged');
      return { ...verdict, summary, ...weighed(event, 'low') };
    }
    const off = needed.filter((type) => disabled.has(type) && !enabled.has(type));
    if (off.length > 0) {
      const what = `the ${off.join(', ')} log of cluster ${name}`;
      const consequence = off.includes('audit') ? 'nothing done in it can be judged from now on' : 'audit logging goes on';
      const summary = deedText(event, ['switched off', 'switch off'], what, consequence);
      return { ...verdict, summary, ...weighed(event, off.includes('audit') ? 'critical' : 'medium') };
    }
    if (enabled.size === 0 || enabled.has('audit')) return undefined;
    const what = `the logs of cluster ${name} to ${[...enabled].join(', ')}`;
    const summary = deedText(event, ['set', 'set'], what, 'audit is not among them and may be off now');
    return { ...verdict, summary, ...weighed(event, 'high', 'low') };
  },
});

function logTypes({ parameters }: ApiEvent): { enabled: ReadonlySet<string>; disabled: ReadonlySet<string> } {
  const setups = list(at(parameters, 'logging', 'clusterLogging'));
  const types = (on: boolean): ReadonlySet<string> =>
    new Set(setups.filter((setup) => at(setup, 'enabled') === on).flatMap((setup) => texts(at(setup, 'types'))));
  return { enabled: types(true), disabled: types(false) };
}
