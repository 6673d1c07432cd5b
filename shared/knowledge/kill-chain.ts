/**
 * Phases of an attack, in the order in which they tend to come, with the tactics of each. Tactics that ATT&CK lists apart but
 * that follow each other in either order share a phase. Source: MITRE ATT&CK v19, Enterprise tactics; Unified Kill Chain (Pols).
 */
const phases: readonly (readonly string[])[] = [
  ['reconnaissance', 'resource-development', 'initial-access'],
  ['execution', 'discovery', 'stealth'],
  ['persistence', 'privilege-escalation', 'credential-access', 'defense-impairment'],
  ['lateral-movement', 'collection', 'command-and-control'],
  ['exfiltration', 'impact'],
];

/** The phase of a tactic; absent for a word that is none. */
export function phaseOf(tactic: string): number | undefined {
  const phase = phases.findIndex((tactics) => tactics.includes(tactic));
  return phase < 0 ? undefined : phase;
}
