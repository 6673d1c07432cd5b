/**
 * Addresses at which public resolvers answer, over HTTPS too, by who runs them. Of large networks these addresses alone serve DNS.
 * Source: the operators' own documents: Google Public DNS "Get started" and "DNS64", Cloudflare "1.1.1.1 IP addresses",
 * Quad9 "Service addresses and features", Cisco "OpenDNS setup", AdGuard "Known DNS providers".
 */
const operators: Readonly<Record<string, readonly string[]>> = {
  Google: [...['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888', '2001:4860:4860::8844'], ...['2001:4860:4860::6464', '2001:4860:4860::64']],
  Cloudflare: [
    ...['1.1.1.1', '1.0.0.1', '2606:4700:4700::1111', '2606:4700:4700::1001'],
    ...['1.1.1.2', '1.0.0.2', '2606:4700:4700::1112', '2606:4700:4700::1002'],
    ...['1.1.1.3', '1.0.0.3', '2606:4700:4700::1113', '2606:4700:4700::1003'],
  ],
  Quad9: [
    ...['9.9.9.9', '149.112.112.112', '2620:fe::fe', '2620:fe::9'],
    ...['9.9.9.10', '149.112.112.10', '2620:fe::10', '2620:fe::fe:10'],
    ...['9.9.9.11', '149.112.112.11', '2620:fe::11', '2620:fe::fe:11'],
  ],
  OpenDNS: ['208.67.222.222', '208.67.220.220', '2620:119:35::35', '2620:119:53::53', '146.112.41.2', '2620:119:fc::2'],
  AdGuard: [
    ...['94.140.14.14', '94.140.15.15', '2a10:50c0::ad1:ff', '2a10:50c0::ad2:ff'],
    ...['94.140.14.140', '94.140.14.141', '2a10:50c0::1:ff', '2a10:50c0::2:ff'],
  ],
};

const operatorOf: ReadonlyMap<string, string> = new Map(
  Object.entries(operators).flatMap(([operator, addresses]) => addresses.map((address) => [address, operator] as const)),
);

/** Who runs the public resolver at an address, as the flow log writes it; absent where none is known there. */
export function publicResolver(address: string): string | undefined {
  return operatorOf.get(address);
}
