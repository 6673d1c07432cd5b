/**
 * Whether a named range is that of the API server's network interfaces: `api-server`, and what begins so where there are
 * several. Flow logs do not tell them from other interfaces of AWS's services, which every node calls, too.
 */
export function isApiServers(range: string): boolean {
  return range.startsWith('api-server');
}
