import type { Evidence, Finding } from '../../shared/model/finding.ts';
import { hour, minute } from '../../shared/model/time.ts';
import type { Alert } from '../../shared/triage/alert.ts';
import { alertWith, findingWith, three } from '../support/alerts.ts';

/** Which log the detections of these cases read. */
export const sourceOf = (detection: string): string | undefined =>
  detection.startsWith('flow') ? 'flow' : detection === 'chain' ? 'sequence' : 'audit';

/** Whatever a name, a command or a path may be. */
export interface Words {
  readonly name: string;
  readonly path: string;
}

/** Alerts in which every text that others write is of these words: a request, a threshold, traffic and an incident of them. */
export function alertsOf({ name, path }: Words): Alert[] {
  const caller = { who: { kind: 'identity', name }, from: '203.0.113.9' } as const;
  const cart = { kind: 'workload', name: 'shop/deployment/cart' } as const;
  const audit = (changes: Partial<Finding>): Finding =>
    findingWith({
      entity: { kind: 'identity', id: 'arn:aws:iam::111122223333:role/reader', name },
      summary: `${name} read ${path}.`,
      title: `Title of ${name}`,
      evidence: [
        { time: three, eventId: name, note: `${name} from 203.0.113.9: get /api/v1/namespaces/${path}/secrets/${path}`, deed: { ...caller, did: 'get', to: { kind: 'object', name: `${path}/secrets/${path}` } } }, // prettier-ignore
        { time: three + minute, eventId: path, note: `${name} from 203.0.113.9: create /api/v1/namespaces/shop/pods/${path}/exec?command=${encodeURIComponent(path.toWellFormed())}`, deed: { ...caller, did: 'exec', to: { kind: 'pod', name: `shop/${path}` } } }, // prettier-ignore
      ],
      baseline: { new: name, 'known members': 3, 'such as': `${name}, ${path}`, 'known for days': 3 },
      next: `Ask ${name}.`,
      cluster: name,
      region: path,
      attack: ['T1552.007', name],
      links: ['pod harbour/shop/cart'],
      ...changes,
    });
  const flow: readonly Evidence[] = [
    { time: three + hour, record: `5 111122223333 ${name}`, note: '10.0.1.7 to 198.51.100.200 port 443: accepted, 120 bytes in 1 records', deed: { who: { ...cart, pod: 'shop/cart-1', address: '10.0.1.7' }, did: 'port 443', to: { kind: 'outside', name: '198.51.100.200' } } }, // prettier-ignore
    { time: three + hour, note: `shop/deployment/cart sent 480000 bytes in 400 packets to ${name}`, deed: { who: cart, did: 'sent', to: { kind: 'outside', name }, bytes: 480_000 } }, // prettier-ignore
  ];
  const voice = '47 %: 7 windows, usually 1, deviation 1, most 1';
  const alerts = [
    audit({ fingerprint: 'a'.repeat(16) }),
    audit({ fingerprint: 'b'.repeat(16), severity: 'medium', baseline: { counted: 75, limit: 20, ceiling: 60, usual: 1, 'usual deviation': 1, group: voice, [name]: path } }), // prettier-ignore
    audit({ fingerprint: 'c'.repeat(16), severity: 'low', detection: 'flow-upload', summary: `shop/deployment/cart (pod cart-1, 10.0.1.7) sent to ${name}.`, evidence: flow, baseline: { limit: 1000, sent: 480_000, received: 3, 'most in an hour': 10 } }), // prettier-ignore
    audit({
      fingerprint: `d${name}`,
      severity: 'critical',
      detection: 'chain',
      entity: { kind: 'pod', id: 'harbour/shop/cart', name: path },
    }),
  ].map((speaker) => alertWith({ speaker, closings: [{ verdict: 'benign', who: name, why: path, at: three }] }));
  return alerts.map((alert, index) => (index === 0 ? { ...alert, state: 'suppressed', silencedBy: name } : alert));
}

/** What the published JSON may carry beside, of these words. */
export function incidentOf(alerts: readonly Alert[], { name, path }: Words): Alert {
  const [last] = alerts.slice(-1);
  const timeline = alerts.slice(0, 3).map(({ id, speaker, severity, firstSeen }) => ({
    time: firstSeen,
    until: firstSeen + minute,
    detection: speaker.detection,
    title: name,
    severity,
    tactics: [name],
    source: path,
    summary: path,
    alert: id,
  }));
  return { ...(last ?? alertWith()), ...{ timeline } };
}

/** Strings that have broken other people's pages. */
export const hostile: readonly string[] = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  'javascript:alert(1)',
  '</style><style>*{display:none}</style>',
  '</title></head><body><iframe src="https://example.com/">',
  '<svg/onload=alert(1)>',
  ']]><!--',
  '--><a href="https://example.com/">',
  '&lt;b&gt; &#60;b&#62; &amp;',
  '</text></svg><foreignObject><form action=/x><input name=a>',
  '\u202egnp.exe\u202c \u2066x\u2069',
  '\u0000\u0001\u001b[31m\r\n\t\u2028',
  '\ud800 \udc00 \ud800x',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} `x`',
  'url(https://example.com/x) expression(alert(1))',
  'a'.repeat(10_000),
  '<'.repeat(10_000),
  '\u0301'.repeat(500),
  '__proto__',
  '',
];
