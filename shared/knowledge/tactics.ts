import type { tactics } from '../contract/channels.ts';

/** A tactic as detections name it. */
export type Tactic = (typeof tactics)[number];

/** Ids and names of the tactics. Source: MITRE ATT&CK v19 (April 2026), Enterprise matrix, which parted TA0005 into Stealth and TA0112. */
export const tacticNames: Readonly<Record<Tactic, { readonly id: string; readonly name: string }>> = {
  reconnaissance: { id: 'TA0043', name: 'Reconnaissance' },
  'resource-development': { id: 'TA0042', name: 'Resource Development' },
  'initial-access': { id: 'TA0001', name: 'Initial Access' },
  execution: { id: 'TA0002', name: 'Execution' },
  persistence: { id: 'TA0003', name: 'Persistence' },
  'privilege-escalation': { id: 'TA0004', name: 'Privilege Escalation' },
  stealth: { id: 'TA0005', name: 'Stealth' },
  'defense-impairment': { id: 'TA0112', name: 'Defense Impairment' },
  'credential-access': { id: 'TA0006', name: 'Credential Access' },
  discovery: { id: 'TA0007', name: 'Discovery' },
  'lateral-movement': { id: 'TA0008', name: 'Lateral Movement' },
  collection: { id: 'TA0009', name: 'Collection' },
  'command-and-control': { id: 'TA0011', name: 'Command and Control' },
  exfiltration: { id: 'TA0010', name: 'Exfiltration' },
  impact: { id: 'TA0040', name: 'Impact' },
};

/** The tactic of that name, with its id; absent where there is none. */
export function tacticNamed(slug: string): { readonly id: string; readonly name: string } | undefined {
  return Object.hasOwn(tacticNames, slug) ? tacticNames[slug as Tactic] : undefined;
}
