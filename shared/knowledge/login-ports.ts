/** Ports at which people and programs log in to a machine. Source: IANA service names and port numbers. */
const machines: ReadonlySet<number> = new Set([22, 23, 445, 3389, 5900, 5985, 5986]);

/** Ports at which programs log in to a database. Source: IANA; defaults of the products. */
const databases: ReadonlySet<number> = new Set([1433, 1521, 3306, 5432, 6379, 9042, 9200, 27017]);

/** Whether one logs in to a machine at a port: SSH, telnet, SMB, RDP, VNC, WinRM. */
export function isMachineLogin(port: number): boolean {
  return machines.has(port);
}

/** Whether one logs in to a database at a port. */
export function isDatabaseLogin(port: number): boolean {
  return databases.has(port);
}
