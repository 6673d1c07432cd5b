/** A technique of MITRE ATT&CK v19 with the tactic under which this product sees it. */
export interface Technique {
  readonly name: string;
  readonly tactic: string;
}

/** The techniques that detections name. Source: MITRE ATT&CK v19 (April 2026), Enterprise matrix. */
export const techniques: Readonly<Record<string, Technique>> = {
  T1003: { name: 'OS Credential Dumping', tactic: 'credential-access' },
  'T1003.008': { name: '/etc/passwd and /etc/shadow', tactic: 'credential-access' },
  T1021: { name: 'Remote Services', tactic: 'lateral-movement' },
  'T1036.005': { name: 'Match Legitimate Resource Name or Location', tactic: 'stealth' },
  T1041: { name: 'Exfiltration Over C2 Channel', tactic: 'exfiltration' },
  T1046: { name: 'Network Service Discovery', tactic: 'discovery' },
  T1048: { name: 'Exfiltration Over Alternative Protocol', tactic: 'exfiltration' },
  T1057: { name: 'Process Discovery', tactic: 'discovery' },
  'T1059.013': { name: 'Container CLI/API', tactic: 'execution' },
  T1070: { name: 'Indicator Removal', tactic: 'stealth' },
  T1071: { name: 'Application Layer Protocol', tactic: 'command-and-control' },
  T1078: { name: 'Valid Accounts', tactic: 'initial-access' },
  'T1078.001': { name: 'Default Accounts', tactic: 'initial-access' },
  'T1078.004': { name: 'Cloud Accounts', tactic: 'initial-access' },
  T1090: { name: 'Proxy', tactic: 'command-and-control' },
  'T1090.003': { name: 'Multi-hop Proxy', tactic: 'command-and-control' },
  T1190: { name: 'Exploit Public-Facing Application', tactic: 'initial-access' },
  T1210: { name: 'Exploitation of Remote Services', tactic: 'lateral-movement' },
  T1485: { name: 'Data Destruction', tactic: 'impact' },
  'T1496.001': { name: 'Compute Hijacking', tactic: 'impact' },
  T1499: { name: 'Endpoint Denial of Service', tactic: 'impact' },
  T1525: { name: 'Implant Internal Image', tactic: 'persistence' },
  T1528: { name: 'Steal Application Access Token', tactic: 'credential-access' },
  'T1550.001': { name: 'Application Access Token', tactic: 'lateral-movement' },
  'T1552.001': { name: 'Credentials In Files', tactic: 'credential-access' },
  'T1552.004': { name: 'Private Keys', tactic: 'credential-access' },
  'T1552.005': { name: 'Cloud Instance Metadata API', tactic: 'credential-access' },
  'T1552.007': { name: 'Container API', tactic: 'credential-access' },
  T1557: { name: 'Adversary-in-the-Middle', tactic: 'credential-access' },
  T1565: { name: 'Data Manipulation', tactic: 'impact' },
  T1567: { name: 'Exfiltration Over Web Service', tactic: 'exfiltration' },
  T1571: { name: 'Non-Standard Port', tactic: 'command-and-control' },
  T1595: { name: 'Active Scanning', tactic: 'reconnaissance' },
  T1609: { name: 'Container Administration Command', tactic: 'execution' },
  T1610: { name: 'Deploy Container', tactic: 'execution' },
  T1611: { name: 'Escape to Host', tactic: 'privilege-escalation' },
  T1613: { name: 'Container and Resource Discovery', tactic: 'discovery' },
  'T1685.002': { name: 'Disable or Modify Cloud Log', tactic: 'defense-impairment' },
  T1686: { name: 'Disable or Modify System Firewall', tactic: 'defense-impairment' },
  'T1686.001': { name: 'Cloud Firewall', tactic: 'defense-impairment' },
};
