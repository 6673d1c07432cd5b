import { api } from '../../detect/kit.ts';
import { partOf } from '../../knowledge/cluster-parts.ts';
import { costlyTypes } from '../../knowledge/instance-types.ts';
import { deedText, weighedAsPlanned } from '../../knowledge/monitoring.ts';
import { some } from '../../knowledge/shorten.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { Severity } from '../../model/finding.ts';
import { at, number, texts } from '../../model/json.ts';

/** More nodes than this in one group is a fleet of its own. */
const manyNodes = 50;

/** A cluster, or something that runs pods in one, is made: by its owner, or by somebody who wants its processors. Strategy: ./ADS.md */
export const clusterInfrastructureCreated = api.detection({
  id: 'cluster-infrastructure-created',
  title: 'Cluster or part of it created',
  severity: 'medium',
  confidence: 'medium',
  attack: ['T1496.001', 'T1578.002'],
  rows: ['D124'],
  next: 'Ask the caller what it is for; if nobody ordered it, delete it with `aws eks`, and look at what its nodes run and whom they talk to.',
  reads: ['eks:CreateCluster', 'eks:CreateNodegroup', 'eks:CreateFargateProfile', 'eks:CreateAddon'],
  judge: (event) => {
    const part = partOf(event);
    const { severity, words } = weightOf(event);
    return {
      entity: event.actor,
      about: part,
      summary: deedText(event, ['created', 'create'], `${part}${words}`, 'what it runs costs money and is part of what must be watched'),
      ...weighedAsPlanned(event, severity, 'medium'),
    };
  },
});

function weightOf({ action, parameters }: ApiEvent): { readonly severity: Severity; readonly words: string } {
  if (action === 'CreateCluster') return { severity: 'medium', words: '' };
  const costly = costlyTypes(texts(parameters['instanceTypes']));
  const nodes = Math.max(...['minSize', 'desiredSize', 'maxSize'].map((key) => number(at(parameters, 'scalingConfig', key)) ?? 0));
  if (costly.length > 0) return { severity: 'high', words: ` of up to ${String(nodes)} nodes of type ${some(costly)}` };
  return nodes >= manyNodes ? { severity: 'medium', words: ` of up to ${String(nodes)} nodes` } : { severity: 'low', words: '' };
}
