import type { Finding } from '../../shared/model/finding.ts';
import type { Alert } from '../../shared/triage/alert.ts';

/** Three in the morning, as it happens. */
export const three = Date.parse('2026-03-02T03:00:00Z');

/** A finding in which nothing is unusual but what a test says. */
export function findingWith(changes: Partial<Finding> = {}): Finding {
  return {
    id: 'f'.repeat(16),
    detection: 'secret-read-from-new-network',
    strategy: 'secret-access',
    title: 'Kubernetes Secret read from a network new to the reader',
    severity: 'high',
    confidence: 'medium',
    time: three,
    cluster: 'harbour',
    account: '111122223333',
    region: 'eu-central-1',
    entity: { kind: 'identity', id: 'arn:aws:iam::111122223333:role/reader', name: 'reader (dana)' },
    attack: ['T1552.007', 'T1078.004'],
    summary: 'reader (dana) read secrets from 203.0.113.0/24, not used by it in 30 days.',
    fingerprint: 'a'.repeat(16),
    evidence: [{ time: three, eventId: 'audit-1', note: 'reader (dana) from 203.0.113.9: get /api/v1/namespaces/shop/secrets/db' }],
    baseline: { 'known networks': 2, 'days watched': 30 },
    next: 'Ask dana whether this was them.',
    late: false,
    links: ['identity x'],
    ...changes,
  };
}

/** The alert of one finding. */
export function alertWith(changes: Partial<Alert> = {}): Alert {
  const speaker = changes.speaker ?? findingWith();
  return {
    id: speaker.fingerprint,
    state: 'open',
    count: 1,
    firstSeen: speaker.time,
    lastSeen: speaker.time,
    severity: speaker.severity,
    speaker,
    ids: [speaker.id],
    groups: [],
    ...changes,
  };
}
