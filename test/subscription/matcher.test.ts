import { describe, expect, it, test } from 'vitest';
import { type Answer, filterOf } from '../support/filter-pattern.ts';

/** The matcher that the other tests of this folder rest on does what the user guide of CloudWatch Logs says. */

const line = {
  verb: 'get',
  stage: 'ResponseComplete',
  objectRef: { resource: 'secrets', name: 'a.b', resourceVersion: '7' },
  responseStatus: { metadata: {}, code: 403 },
  user: { username: 'system:node:ip-10-0-0-1', groups: ['system:nodes', 'system:authenticated'] },
  sourceIPs: ['198.51.100.7', '10.0.0.1'],
  'cluster.name': 'quay',
  annotations: { 'authorization.k8s.io/decision': 'forbid' },
  flag: true,
  off: false,
  nothing: null,
};

const answers = (pattern: string, of: unknown = line): Answer => filterOf(pattern)(JSON.stringify(of));

describe('a pattern on JSON', () => {
  test.each<[pattern: string, answer: Answer]>([
    ['{ $.verb = "get" }', true],
    ['{ $.verb = get }', true],
    ['{ $.verb = "GET" }', false],
    ['{ $.verb != "get" }', false],
    ['{ $.verb = "g*" }', true],
    ['{ $.verb = "*" }', true],
    ['{ $.verb = "*t" }', true],
    ['{ $.verb = "e*" }', false],
    ['{ $.verb != "l*" }', true],
    ['{ $.user.username = "system:node:*" }', true],
    ['{ $.user.username != "system:serviceaccount:*" }', true],
    ['{ $.objectRef.name = "a.b" }', true],
    ['{ $.objectRef.name = "a?b" }', false],
    ['{ $.responseStatus.code = 403 }', true],
    ['{ $.responseStatus.code >= 400 }', true],
    ['{ $.responseStatus.code < 400 }', false],
    ['{ $.responseStatus.code > 402.5 }', true],
    ['{ $.responseStatus.code <= 402 }', false],
    ['{ $.flag IS TRUE }', true],
    ['{ $.off IS FALSE }', true],
    ['{ $.off IS TRUE }', false],
    ['{ $.nothing IS NULL }', true],
    ['{ $.verb IS NULL }', false],
    ['{ $.missing NOT EXISTS }', true],
    ['{ $.objectRef NOT EXISTS }', false],
    ['{ $.objectRef.subresource NOT EXISTS }', true],
    ['{ $.a.b.c NOT EXISTS }', true],
    ['{ $.nothing NOT EXISTS }', false],
    ['{ $.sourceIPs[0] = "198.51.100.7" }', true],
    ['{ $.sourceIPs[1] = 198.* }', false],
    ['{ $.sourceIPs[2] NOT EXISTS }', true],
    ['{ $.sourceIPs[*] = "10.*" }', true],
    ['{ $.user.groups[*] = "system:masters" }', false],
    ['{ $.objectRef.* = "secrets" }', true],
    [`{ $.['cluster.name'] = "quay" }`, true],
    [`{ $.annotations.['authorization.k8s.io/decision'] = "forbid" }`, true],
    ['{ $.cluster.name = "quay" }', false],
  ])('%s is %s', (pattern, answer) => {
    expect(answers(pattern)).toBe(answer);
  });

  it('never matches where a selector lands on an object or array', () => {
    for (const pattern of ['{ $.objectRef = "*" }', '{ $.objectRef != "x" }', '{ $.sourceIPs = "*" }'])
      expect(answers(pattern)).toBe(false);
  });

  it('never matches a line that is no JSON', () => {
    expect(filterOf('{ $.verb NOT EXISTS }')('{"verb":"create","requestO[Truncated...]')).toBe(false);
  });

  it('binds "and" more than "or", and parentheses most', () => {
    expect(answers('{ $.verb = "get" || $.verb = "list" && $.stage = "Panic" }')).toBe(true);
    expect(answers('{ ($.verb = "get" || $.verb = "list") && $.stage = "Panic" }')).toBe(false);
  });

  test.each([
    ['a field that is missing', '{ $.missing != "x" }'],
    ['null', '{ $.nothing != "x" }'],
    ['a number and a text', '{ $.responseStatus.code = "403" }'],
    ['a text and a number', '{ $.objectRef.resourceVersion = 7 }'],
    ['several values', '{ $.sourceIPs[*] != "10.0.0.1" }'],
  ])('is not known to compare %s', (_, pattern) => {
    expect(answers(pattern)).toBe('unknown');
  });

  it('may leave open what does not matter', () => {
    expect(answers('{ $.missing NOT EXISTS || $.missing != "x" }')).toBe(true);
    expect(answers('{ $.verb = "list" && $.missing != "x" }')).toBe(false);
  });

  test.each([
    '{ $.verb = "get"',
    '{ $.verb == "get" }',
    '{ ($.verb = "get" }',
    '{ $.verb = "get" && }',
    '{ $.verb = "get" $.verb = "list" }',
    '{ NOT ($.verb = "get") }',
    '{ $.verb IS NOT NULL }',
    '{ $.verb EXISTS }',
    '{ verb = "get" }',
    '{ $.a[*].b[*] = "x" }',
    '{ $.verb > "a" }',
    '{ $.verb = %get% }',
    '[a, b, c]',
  ])('is not %s', (pattern) => {
    expect(() => filterOf(pattern)).toThrow();
  });
});

describe('a pattern on text', () => {
  test.each<[pattern: string, text: string, answer: boolean]>([
    ['', 'anything', true],
    ['"access denied"', 'msg="access denied" arn=x', true],
    ['"access denied"', 'access was denied', false],
    ['"access" "denied"', 'denied access', true],
    ['access -granted', 'access denied', true],
    ['access -granted', 'access granted', false],
    ['?"access denied" ?"[Truncated...]"', '{"verb":"cre[Truncated...]', true],
    ['?"access denied" ?"[Truncated...]"', '{"verb":"create"}', false],
    ['?"access denied" ?"[Truncated...]"', 'Access Denied', false],
    ['?denied access', 'access granted', true],
  ])('%s on %s is %s', (pattern, text, answer) => {
    expect(filterOf(pattern)(text)).toBe(answer);
  });

  it('is words and nothing else', () => {
    expect(() => filterOf('?[Truncated...]')).toThrow('not words');
  });
});
