import { api } from '../../detect/kit.ts';
import { guardOfAddon } from '../../knowledge/guards.ts';
import { partOf } from '../../knowledge/cluster-parts.ts';
import { deedText, weighedAsPlanned } from '../../knowledge/monitoring.ts';
import type { ApiEvent } from '../../model/api.ts';
import type { Severity } from '../../model/finding.ts';
import { text } from '../../model/json.ts';

/** What a call takes away, and how grave that is. */
const losses: Readonly<Record<string, { readonly severity: Severity; readonly consequence: string }>> = {
  DeleteCluster: { severity: 'critical', consequence: 'everything that ran in it is gone' },
  DeregisterCluster: { severity: 'high', consequence: 'AWS no longer sees it' },
  DeleteNodegroup: { severity: 'high', consequence: 'its nodes are terminated, and what ran only there with them' },
  DeleteFargateProfile: { severity: 'high', consequence: 'the pods it ran are deleted' },
  DeleteAddon: { severity: 'medium', consequence: 'what it installed is removed' },
  UpdateClusterConfig: { severity: 'medium', consequence: 'it can be deleted with one call' },
};

/** A cluster or a part of it is deleted, or may be. Strategy: ./ADS.md */
export const clusterInfrastructureDeleted = api.detection({
  id: 'cluster-infrastructure-deleted',
  title: 'Cluster or part of it deleted',
  severity: 'high',
  confidence: 'high',
  attack: ['T1485', 'T1578.003'],
  rows: ['D124'],
  next: 'Ask the caller at once; if nobody ordered it, revoke the session before more is deleted, and restore from backups and version control.',
  reads: [
    'eks:DeleteCluster',
    'eks:DeregisterCluster',
    'eks:DeleteNodegroup',
    'eks:DeleteFargateProfile',
    'eks:DeleteAddon',
    'eks:UpdateClusterConfig',
  ],
  when: ({ action, parameters }: ApiEvent) =>
    action === 'UpdateClusterConfig'
      ? parameters['deletionProtection'] === false
      : // Add-ons of security agents are told as such.
        action !== 'DeleteAddon' || guardOfAddon(text(parameters['addonName']) ?? '') === undefined,
  judge: (event) => {
    const loss = losses[event.action];
    if (loss === undefined) return undefined;
    const part = partOf(event);
    const did =
      event.action === 'UpdateClusterConfig' ? (['took deletion protection from', 'take deletion protection from'] as const) : deleted;
    return {
      entity: event.actor,
      about: part,
      summary: deedText(event, event.action === 'DeregisterCluster' ? ['deregistered', 'deregister'] : did, part, loss.consequence),
      ...weighedAsPlanned(event, loss.severity),
    };
  },
});

const deleted = ['deleted', 'delete'] as const;
