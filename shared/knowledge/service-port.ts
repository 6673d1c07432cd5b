import type { FlowEvent } from '../model/flow.ts';

/** Ports that any workload may use to the outside: DNS, web, time. Source: IANA service names and port numbers. */
const everyday: ReadonlySet<number> = new Set([53, 80, 123, 443]);

/** Ports behind which data or control of a machine lies. Source: IANA service names and port numbers; Kubernetes "Ports and Protocols". */
const sensitive: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [445, 'SMB'],
  [1433, 'SQL Server'],
  [1521, 'Oracle'],
  [2375, 'Docker'],
  [2376, 'Docker'],
  [2379, 'etcd'],
  [3306, 'MySQL'],
  [3389, 'RDP'],
  [5432, 'PostgreSQL'],
  [5672, 'AMQP'],
  [5985, 'WinRM'],
  [6379, 'Redis'],
  [8200, 'Vault'],
  [9042, 'Cassandra'],
  [9092, 'Kafka'],
  [9200, 'Elasticsearch'],
  [10250, 'kubelet'],
  [11211, 'memcached'],
  [27017, 'MongoDB'],
]);

/** Source: IANA protocol numbers. */
const protocols: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPv4 in IP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6 in IP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  112: 'VRRP',
  132: 'SCTP',
};

/** Ports from here on are handed out as needed: one of them says no more than another. Source: IANA, Linux `ip_local_port_range`. */
const firstDynamicPort = 32_768;

/** Whether a port is one that workloads use to the outside every day. */
export function isEverydayPort(port: number): boolean {
  return everyday.has(port);
}

/** Whether data or control of a machine lies behind a port. */
export function isSensitivePort(port: number): boolean {
  return sensitive.has(port);
}

/** A port as a habit: `TCP 5432`; dynamic ports are one. */
export function portHabit({ protocol, port }: FlowEvent): string {
  const name = protocols[protocol] ?? `protocol ${String(protocol)}`;
  if (protocol !== 6 && protocol !== 17 && protocol !== 132) return name;
  return `${name} ${port >= firstDynamicPort ? 'dynamic port' : String(port)}`;
}

/** A port for text: `TCP port 5432 (PostgreSQL)`. */
export function portText(event: FlowEvent): string {
  const name = protocols[event.protocol] ?? `protocol ${String(event.protocol)}`;
  if (event.port === 0) return name;
  const service = sensitive.get(event.port);
  return `${name} port ${String(event.port)}${service === undefined ? '' : ` (${service})`}`;
}
