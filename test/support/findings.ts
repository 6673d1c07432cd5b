import type { Finding } from '../../shared/model/finding.ts';
import { digest, identifierLength } from '../../shared/model/hash.ts';
import { type Alert, fold } from '../../shared/triage/alert.ts';
import { type FindingGroup, groupFindings } from '../../shared/detect/finding-group.ts';

const noon = Date.parse('2026-03-02T12:00:00Z');

/** A finding as a detection on the audit log makes it; `name` makes its id. */
export function findingNamed(name: string, change: Partial<Finding> = {}): Finding {
  return {
    id: digest(identifierLength, [name]),
    fingerprint: digest(identifierLength, ['fingerprint', change.entity?.id ?? 'system:serviceaccount:shop:cart']),
    detection: 'container-spraying',
    strategy: 'container-spraying',
    title: 'Containers created in a burst',
    severity: 'high',
    confidence: 'medium',
    time: noon,
    cluster: 'harbour',
    account: '111122223333',
    region: 'eu-central-1',
    entity: { kind: 'identity', id: 'system:serviceaccount:shop:cart', name: 'shop/cart' },
    attack: ['T1610', 'T1499'],
    summary: 'shop/cart created 75 pods in 5 minutes, where 60 is the limit.',
    evidence: [{ time: noon, eventId: '4f2a', note: 'shop/cart from 10.0.4.17: create /api/v1/namespaces/shop/pods' }],
    baseline: { ceiling: 60, 'known windows': 0 },
    next: 'Ask the owner of the creator.',
    late: false,
    links: ['identity system:serviceaccount:shop:cart'],
    ...change,
  };
}

/** Findings of one payload and one fingerprint. */
export function groupOf(...findings: readonly Finding[]): FindingGroup {
  const [group, other] = groupFindings(findings, new Map());
  if (group === undefined || other !== undefined) throw new Error('these findings are not one group');
  return group;
}

/** An alert of one finding. */
export function alertOf(finding: Finding, change: Partial<Alert> = {}): Alert {
  return { ...fold(undefined, groupOf(finding), undefined), ...change };
}
