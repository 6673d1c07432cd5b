/**
 * Ports on which public mining pools take Stratum connections, with and without TLS.
 * Source: connection pages of the pools: SupportXMR and HashVault (3333, 5555, 7777), MineXMR (4444), Nanopool (9999, 10343, 14433,
 * 14444), MoneroOcean (10128, 20128), NiceHash (3353), MinerGate (45560, 45700).
 */
const stratum: ReadonlySet<number> = new Set([3333, 3353, 4444, 5555, 7777, 9999, 10128, 10343, 14433, 14444, 20128, 45560, 45700]);

/** Whether mining pools listen on a port. Others may, too. */
export function isMiningPort(port: number): boolean {
  return stratum.has(port);
}
