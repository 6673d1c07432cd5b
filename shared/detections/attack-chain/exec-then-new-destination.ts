import { sequence } from '../../detect/kit.ts';

/** Somebody entered a pod, and then the pod reached for something it never did. Strategy: ./ADS.md */
export const execThenNewDestination = sequence({
  id: 'exec-then-new-destination',
  title: 'Pod entered, then unusual traffic from it',
  severity: 'critical',
  // People debug: a first exec and a first destination within the hour may be one of them.
  confidence: 'medium',
  attack: ['T1609', 'T1071', 'T1046'],
  rows: ['D158'],
  next: 'Isolate the pod with a NetworkPolicy that allows nothing, revoke the credential that ran the exec, and keep the pod for analysis.',
  steps: [
    [
      ...['exec-reads-credentials', 'exec-asks-metadata-service', 'exec-runs-attack-tool', 'exec-opens-remote-shell', 'exec-downloads'],
      ...['exec-copies-files-out', 'exec-opens-shell', 'exec-into-pod'],
    ],
    [
      ...['new-external-destination', 'new-external-port', 'port-scan', 'network-sweep', 'slow-scan', 'upload-volume'],
      ...['mining-port-used', 'mail-sent', 'resolver-bypassed', 'node-port-called', 'machine-logins-tried', 'database-logins-tried'],
    ],
  ],
  within: 60 * 60_000,
  summary: 'A command was run in a pod, and within an hour it scanned, uploaded or talked to a destination it never talked to',
});
