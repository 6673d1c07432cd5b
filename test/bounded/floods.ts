import { auditLine, type Request } from '../support/records.ts';

/** Names that somebody invents, one a request, for an hour: what one valid identity, or nobody, can do to us. */
export interface Flood {
  readonly id: 'sessions' | 'user-agents' | 'namespaces' | 'pods' | 'anonymous';
  readonly what: string;
  /** Items of the state table that every name adds, up to a bound, by kind of key; none where the number of items does not depend on names. */
  readonly itemsPerName: Readonly<Record<string, number>>;
  /** Detections that tell of the flood itself; none is an admission. */
  readonly toldBy: readonly string[];
  /** A line with the number-th invented name. */
  readonly line: (number: number, at: number) => string;
}

const id = (flood: number, number: number): string =>
  `0000000${String(flood)}-0000-4000-8000-${(number < 0 ? 0xffffffffff + number : number).toString(16).padStart(12, '0')}`;

/** Names share nothing; before the flood everybody used one. */
const invented = (number: number): string => (number < 0 ? 'usual' : made(number));
const made = (number: number): string =>
  `n${Math.imul(number + 1, 0x9e3779b1)
    .toString(36)
    .replace('-', 'z')}-${String(number)}`;

const pod = (name: string, uid: string): Pick<Request, 'request' | 'response'> => {
  const spec = { containers: [{ name: 'c', image: '444455556666.dkr.ecr.eu-central-1.amazonaws.com/shop/web:1' }] };
  return {
    request: { kind: 'Pod', apiVersion: 'v1', metadata: { name, namespace: 'shop' }, spec },
    response: { kind: 'Pod', apiVersion: 'v1', metadata: { name, namespace: 'shop', uid }, spec },
  };
};

/** The floods. */
export const floods: readonly Flood[] = [
  {
    id: 'sessions',
    what: 'role session names, by whoever may assume one role, in allowed reads of secrets',
    itemsPerName: {
      'tally:access-key-in-two-places': 1,
      'tally:many-secrets-read': 1,
    },
    toldBy: ['many-sessions-of-role'],
    line: (number, at) => auditLine({ at, id: id(1, number), who: 'ops' }).replaceAll(/session-1|ASIAEXAMPLE/g, invented(number)),
  },
  {
    id: 'user-agents',
    what: 'user agents of one identity, in refused reads of secrets',
    itemsPerName: {},
    toldBy: ['refused-with-new-client'],
    line: (number, at) => auditLine({ at, id: id(2, number), who: 'clerk', code: 403, agent: `${invented(number)}/v1` }),
  },
  {
    id: 'namespaces',
    what: 'namespaces that one identity asks for and is refused',
    itemsPerName: {},
    toldBy: ['secret-reads-refused', 'forbidden-burst-from-internet'],
    line: (number, at) => auditLine({ at, id: id(3, number), who: 'clerk', code: 403, namespace: invented(number) }),
  },
  {
    id: 'pods',
    what: 'pods that one identity may create',
    itemsPerName: {},
    toldBy: ['container-spraying', 'pods-made-all-hour'],
    line: (number, at) =>
      auditLine({
        at,
        id: id(4, number),
        who: 'builder',
        verb: 'create',
        resource: 'pods',
        namespace: 'shop',
        name: invented(number),
        code: 201,
        ...pod(invented(number), id(4, number)),
      }),
  },
  {
    id: 'anonymous',
    what: 'names in requests without a credential, all refused',
    itemsPerName: {},
    toldBy: ['anonymous-probing', 'failed-logins-from-internet'],
    line: (number, at) =>
      auditLine({ at, id: id(5, number), code: 401, namespace: invented(number), name: invented(number) }).replace(
        /"user":\{.*?\},"sourceIPs"/,
        '"user":{"username":"system:anonymous","groups":["system:unauthenticated"]},"sourceIPs"',
      ),
  },
];
