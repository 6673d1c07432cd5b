import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappingsOf } from '../../shared/knowledge/aws-auth.ts';
import { flatMaps } from '../../shared/knowledge/flat-yaml.ts';
import { risksOf } from '../../shared/knowledge/mapping-risk.ts';
import { workloadTrusts } from '../../shared/knowledge/role-trust.ts';

const role = 'arn:aws:iam::111122223333:role/backup';
const wanted = [{ principal: role, username: 'backup', groups: ['viewers', 'system:masters'] }];

describe('the mappings of aws-auth', () => {
  it.each([
    ['as eksctl writes them', `- groups:\n  - viewers\n  - system:masters\n  rolearn: ${role}\n  username: backup\n`],
    ['with lists further in', `- rolearn: ${role}\n  username: backup\n  groups:\n    - viewers\n    - system:masters\n`],
    ['indented as a whole', `  - rolearn: ${role}\n    groups:\n    - "viewers"\n    - 'system:masters' # all\n    username: backup\n`],
    ['with a dash on a line of its own', `-\n  rolearn: ${role}\n  username: backup\n  groups: [viewers, system:masters]\n`],
    ['in flow style', `- {rolearn: "${role}", username: backup, groups: ["viewers", 'system:masters']} # temporary\n`],
    ['with quoted keys', `---\n- "rolearn": "${role}"\n  'username': 'backup'\n  "groups": ["viewers", "system:masters"]\n`],
    ['in JSON', JSON.stringify([{ rolearn: role, username: 'backup', groups: ['viewers', 'system:masters'] }])],
    ['with escapes', `- rolearn: ${role}\n  username: backup\n  groups: [viewers, "\\u0073ystem:masters"]\n`],
    [
      'behind a line break that editors do not show',
      `# nothing here\u2028- rolearn: ${role}\u2028  username: backup\u2028  groups: [viewers, system:masters]`,
    ],
    ['with a key twice', `- rolearn: ${role}\n  username: backup\n  groups: [viewers]\n  Groups: [system:masters]\n`],
    ['with keys in other cases', `- RoleARN: ${role}\n  userName: backup\n  Groups:\n  - viewers\n  - system:masters\r\n`],
  ])('are read %s', (_, mapRoles) => {
    expect(mappingsOf({ data: { mapRoles } })).toEqual({ all: wanted, unread: '' });
  });

  it.each([
    ['an alias', `- rolearn: ${role}\n  username: backup\n  groups: *all\n`],
    ['a merge', `- <<: *base\n  rolearn: ${role}\n`],
    ['a block of text', `- rolearn: |\n    ${role}\n`],
    ['an escape of YAML alone', `- rolearn: ${role}\n  groups: ["\\x73ystem:masters"]\n`],
    ['a list on several lines', `- rolearn: ${role}\n  groups: [\n    system:masters\n  ]\n`],
    ['text where maps belong', `- ${role}\n`],
    ['no list at all', `rolearn: ${role}\n`],
  ])('are not taken for read where there is %s', (_, mapRoles) => {
    expect(mappingsOf({ data: { mapRoles } })?.unread).not.toBe('');
  });

  it('hold users and accounts, and are absent where nothing shows them', () => {
    const data = {
      mapUsers: `- userarn: arn:aws:iam::111122223333:user/a\n  groups: [x]\n`,
      mapAccounts: '- "444455556666"\n',
      mapRoles: 7,
    };
    expect(mappingsOf({ data })?.all.map(({ principal }) => principal)).toEqual(['arn:aws:iam::111122223333:user/a', '444455556666']);
    expect(mappingsOf(undefined)).toBeUndefined();
  });

  it('are read without failing, whatever stands there', () => {
    const piece = fc.constantFrom(
      '- ',
      '-',
      '  ',
      '\n',
      'groups:',
      ' [',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '#',
      ':',
      'system:masters',
      '&a',
      '\\',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
      fc.string(),
    );
    fc.assert(fc.property(text, (yaml) => Array.isArray(flatMaps(yaml).maps)));
  });
});

describe('a mapping', () => {
  const risk = (principal: string, username: string, groups: string[]) =>
    risksOf({ principal, username, groups }, '111122223333').map(({ severity }) => severity);

  it.each([
    [role, 'backup', ['system:masters'], ['critical']],
    ['arn:aws:iam::444455556666:role/r', 'r', [], ['high']],
    ['444455556666', '', [], ['high']],
    [role, '{{SessionName}}', ['team'], ['high']],
    [role, 'team:{{SessionName}}', ['team'], []],
    [role, 'team', ['{{SessionNameRaw}}'], ['high']],
    [role, 'system:kube-controller-manager', [], ['high']],
    [role, 'system:node:{{EC2PrivateDNSName}}', ['system:bootstrappers', 'system:nodes'], []],
    [role, 'system:node:{{EC2PrivateDNSName}}', ['system:nodes', 'system:masters'], ['critical', 'high']],
    [role, 'helper', ['system:nodes'], ['high']],
  ])('of %s to %s in %j is rated %j', (principal, username, groups, severities) => {
    expect(risk(principal, username, groups).slice(0, severities.length)).toEqual(severities);
    expect(risk(principal, username, groups).length === 0).toBe(severities.length === 0);
  });
});

describe('a trust policy', () => {
  const provider = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF';
  const policy = (statement: unknown) => JSON.stringify({ Version: '2012-10-17', Statement: statement });
  const open = (text: string) => workloadTrusts(text).map((trust) => trust.open);
  const bySubject = (subject: unknown) => ({
    Effect: 'Allow',
    Principal: { Federated: provider },
    Condition: { StringLike: { 'oidc.eks.eu-central-1.amazonaws.com/id/X:SUB': subject } },
  });

  it.each([
    [policy([{ Effect: 'Allow', Principal: { Federated: provider } }]), [true]],
    [policy(bySubject('system:serviceaccount:shop:api')), [false]],
    [policy(bySubject(['system:serviceaccount:*:*'])), [true]],
    [encodeURIComponent(policy(bySubject('system:serviceaccount:shop:api'))), [false]],
    [policy({ Effect: 'Allow', Principal: { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] } }), [false]],
    [policy({ Effect: 'Deny', Principal: { Federated: provider } }), []],
    [policy({ Effect: 'Allow', Principal: '*' }), []],
    ['%', []],
    ['null', []],
  ])('%s', (text, expected) => {
    expect(open(text)).toEqual(expected);
  });

  it('is read without failing, whatever stands there', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(workloadTrusts(JSON.stringify({ Statement: value })))));
  });
});
