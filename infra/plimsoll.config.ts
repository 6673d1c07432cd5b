import type { Configuration } from './config.ts';

/**
 * The example: it synthesises offline and names no real account. Replace its values with yours before `cdk deploy`.
 * Ranges and ids are those reserved for documentation (RFC 5737, RFC 3849).
 */
export const configuration: Configuration = {
  clusters: [{ name: 'production' }, { name: 'staging' }],
  flowLogs: [
    { cluster: 'production', vpcId: 'vpc-0123456789abcdef0', create: true },
    { cluster: 'staging', logGroup: '/example/staging/flow' },
  ],
  alerts: {
    channels: [
      { kind: 'slack-webhook', name: 'slack', secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:plimsoll/slack-AbCdEf' },
      { kind: 'email', name: 'security', address: 'security@example.com' },
    ],
  },
  operations: { emails: ['platform@example.com'] },
  networks: {
    vpc: ['10.0.0.0/16', '100.64.0.0/16', '2001:db8:1::/56'],
    named: { office: '192.0.2.0/24', vpn: '198.51.100.0/25' },
  },
  identities: [
    { who: 'arn:aws:iam::111122223333:role/ci-deployer', duty: 'deployer' },
    { who: 'system:serviceaccount:argocd:argocd-application-controller', duty: 'deployer' },
  ],
  baselines: { at: '02:30', timeZone: 'Europe/Berlin' },
  tags: { service: 'plimsoll' },
};
