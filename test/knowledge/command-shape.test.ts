import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { commandShape } from '../../shared/knowledge/command-shape.ts';
import { withoutPodSuffix } from '../../shared/knowledge/pod-names.ts';
import { describeCommand } from '../../shared/model/command.ts';

const shapeOf = (...argv: string[]): string => commandShape(describeCommand(argv));

test.each([
  [['/usr/bin/psql', '-c', 'select 1'], 'psql'],
  [['sh'], 'a shell'],
  [['/bin/bash', '-il'], 'a shell'],
  [['bash', '-lc', 'make test'], 'a shell with make'],
  [['sh', '-c', 'set -e; A=1 exec /opt/backup/run.sh --all'], 'a shell with run.sh'],
  [['sh', '-c', '(id; whoami)'], 'a shell with a script'],
  [['sh', '-c'], 'a shell'],
  [[], 'whatever runs'],
])('%j is of the kind "%s"', (argv, shape) => {
  expect(shapeOf(...argv)).toBe(shape);
});

it('tells what is bounded in size and time, whatever is run', () => {
  const start = performance.now();
  for (const piece of ['A=', 'A=1 ', 'exec ', 'set -e ', 'set -', ' ', 'x', '/']) shapeOf('sh', '-c', piece.repeat(100_000));
  expect(performance.now() - start).toBeLessThan(2_000);
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (argv) => shapeOf(...argv).length < 100));
});

test.each([
  ['api-6f9d8c7b54-kq2xm', 'api'],
  ['kube-proxy-x7k2p', 'kube-proxy'],
  ['ledger-0', 'ledger'],
  ['shop-db', 'shop-db'],
  ['api', 'api'],
  ['-0', ''],
])('the pod %s belongs to %s', (pod, workload) => {
  expect(withoutPodSuffix(pod)).toBe(workload);
});
