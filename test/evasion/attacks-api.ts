import type { Json, JsonObject } from '../simulation/go-json.ts';
import type { Attack, Call, Calling } from './attack.ts';

type Rest = Pick<Attack, 'least' | 'unfit'> & Pick<Calling, 'before'>;

function calls(
  id: string,
  what: string,
  rows: readonly string[],
  forms: Calling['forms'],
  { least = 'medium', before, unfit }: Rest = {},
): Attack {
  return {
    id,
    what,
    rows,
    least,
    deed: { does: 'call', forms, ...(before === undefined ? {} : { before }) },
    ...(unfit === undefined ? {} : { unfit }),
  };
}

const call = (service: string, name: string, parameters: Json, answered?: Json): Call => ({
  service,
  name,
  parameters,
  ...(answered === undefined ? {} : { answered }),
});
const eks = (name: string, parameters: JsonObject, answered?: Json): Call =>
  call('eks', name, { name: 'harbour', ...parameters }, answered);
const group = '/aws/eks/harbour/cluster';
const groupArn = `arn:aws:logs:eu-central-1:111122223333:log-group:${group}`;
const principal = 'arn:aws:iam::444455556666:role/x';
const policy = (name: string): string => `arn:aws:eks::aws:cluster-access-policy/${name}`;
const associate = (name: string, more: JsonObject = {}): Call =>
  eks(
    'AssociateAccessPolicy',
    { principalArn: encodeURIComponent(principal), policyArn: policy(name), accessScope: { type: 'cluster' }, ...more },
    { clusterName: 'harbour', principalArn: principal },
  );

const filter = {
  logGroupName: group,
  filterName: 'plimsoll',
  filterPattern: '',
  destinationArn: 'arn:aws:lambda:eu-central-1:111122223333:function:plimsoll-analyse-audit',
};

/** Calls of AWS APIs. */
export const apiAttacks: readonly Attack[] = [
  calls('endpoint-opened', "opens the cluster's endpoint to the world", ['D028'], {
    'to all': [eks('UpdateClusterConfig', { resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] } })],
    'without a list': [eks('UpdateClusterConfig', { resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: false } })],
    'to all after a narrow one': [eks('UpdateClusterConfig', { resourcesVpcConfig: { publicAccessCidrs: ['192.0.2.0/24', '0.0.0.0/0'] } })],
    'in two halves': [eks('UpdateClusterConfig', { resourcesVpcConfig: { publicAccessCidrs: ['0.0.0.0/1', '128.0.0.0/1'] } })],
    'to all by IPv6': [eks('UpdateClusterConfig', { resourcesVpcConfig: { publicAccessCidrs: ['::/0'] } })],
    'at creation': [
      eks('CreateCluster', {
        roleArn: 'arn:aws:iam::111122223333:role/harbour',
        resourcesVpcConfig: { subnetIds: ['subnet-0a1b2c3d'], endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] },
      }),
    ],
  }),
  calls(
    'access-entry-created',
    'lets a foreign role into the cluster',
    ['D095'],
    {
      'in a group': [eks('CreateAccessEntry', { principalArn: principal, kubernetesGroups: ['helpers'], type: 'STANDARD' })],
      plain: [eks('CreateAccessEntry', { principalArn: principal, type: 'STANDARD' })],
      'as a user name': [eks('CreateAccessEntry', { principalArn: principal, username: 'shop-lead', kubernetesGroups: [] })],
      'by clusterName': [call('eks', 'CreateAccessEntry', { clusterName: 'harbour', principalArn: principal, type: 'STANDARD' })],
      'own role': [
        eks('CreateAccessEntry', { principalArn: 'arn:aws:iam::111122223333:role/harbour-helper', kubernetesGroups: ['helpers'] }),
      ],
      updated: [eks('UpdateAccessEntry', { principalArn: encodeURIComponent(principal), kubernetesGroups: ['platform-admins'] })],
      'as a node': [eks('CreateAccessEntry', { principalArn: principal, type: 'EC2_LINUX' })],
    },
    { least: 'low' },
  ),
  calls('admin-policy-associated', 'makes a role admin of the cluster', ['D096'], {
    'principal encoded': [associate('AmazonEKSClusterAdminPolicy')],
    'principal plain': [associate('AmazonEKSClusterAdminPolicy', { principalArn: principal })],
    'admin of a namespace': [associate('AmazonEKSAdminPolicy', { accessScope: { type: 'namespace', namespaces: ['kube-system'] } })],
    'of another partition': [associate('', { policyArn: 'arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy' })],
    'principal encoded in small letters': [
      associate('AmazonEKSClusterAdminPolicy', {
        principalArn: encodeURIComponent(principal).replace(/%../g, (code) => code.toLowerCase()),
      }),
    ],
  }),
  calls(
    'secret-policy-associated',
    'lets a role read all Secrets',
    ['D096'],
    { 'admin view': [associate('AmazonEKSAdminViewPolicy')], edit: [associate('AmazonEKSEditPolicy')] },
    { least: 'low' },
  ),
  calls(
    'authentication-changed',
    'changes who vouches for callers',
    ['D097'],
    {
      'identity provider': [
        eks('AssociateIdentityProviderConfig', {
          oidc: { identityProviderConfigName: 'x', issuerUrl: 'https://idp.example.net', clientId: 'kube' },
        }),
      ],
      'by clusterName': [
        call('eks', 'AssociateIdentityProviderConfig', {
          clusterName: 'harbour',
          oidc: { identityProviderConfigName: 'x', issuerUrl: 'https://idp.example.net', clientId: 'kube' },
        }),
      ],
      mode: [eks('UpdateClusterConfig', { accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' } })],
      'identity provider removed': [eks('DisassociateIdentityProviderConfig', { identityProviderConfig: { type: 'oidc', name: 'corp' } })],
    },
    { least: 'low' },
  ),
  calls(
    'pod-identity-bound',
    'gives a workload a role of AWS',
    ['D098'],
    {
      created: [
        eks('CreatePodIdentityAssociation', {
          namespace: 'shop',
          serviceAccount: 'api',
          roleArn: 'arn:aws:iam::111122223333:role/harbour-admin',
        }),
      ],
      'by clusterName': [
        call('eks', 'CreatePodIdentityAssociation', {
          clusterName: 'harbour',
          namespace: 'shop',
          serviceAccount: 'api',
          roleArn: 'arn:aws:iam::111122223333:role/harbour-admin',
        }),
      ],
      updated: [
        eks('UpdatePodIdentityAssociation', { associationId: 'a-0x1y2z', roleArn: 'arn:aws:iam::111122223333:role/harbour-admin' }),
      ],
      'across accounts': [
        eks('CreatePodIdentityAssociation', {
          namespace: 'shop',
          serviceAccount: 'api',
          roleArn: 'arn:aws:iam::111122223333:role/shop',
          targetRoleArn: principal,
        }),
      ],
    },
    { least: 'low' },
  ),
  calls(
    'audit-log-switched-off',
    'switches the audit log off',
    ['D115'],
    {
      'all off': [
        eks('UpdateClusterConfig', {
          logging: { clusterLogging: [{ types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'], enabled: false }] },
        }),
      ],
      'audit off': [eks('UpdateClusterConfig', { logging: { clusterLogging: [{ types: ['audit'], enabled: false }] } })],
      'audit off in the second entry': [
        eks('UpdateClusterConfig', {
          logging: {
            clusterLogging: [
              { types: ['api', 'scheduler'], enabled: true },
              { types: ['audit'], enabled: false },
            ],
          },
        }),
      ],
    },
    { least: 'high' },
  ),
  calls('log-group-deleted', "deletes the cluster's log group", ['D116'], {
    'by name': [call('logs', 'DeleteLogGroup', { logGroupName: group })],
    'by ARN': [call('logs', 'DeleteLogGroup', { logGroupIdentifier: groupArn })],
    'by ARN with a star': [call('logs', 'DeleteLogGroup', { logGroupIdentifier: `${groupArn}:*` })],
    'its stream': [
      call('logs', 'DeleteLogStream', { logGroupName: group, logStreamName: 'kube-apiserver-audit-0123456789abcdef0123456789abcdef' }),
    ],
  }),
  calls(
    'subscription-removed',
    'takes our eyes from the log',
    ['D116'],
    {
      removed: [call('logs', 'DeleteSubscriptionFilter', { logGroupName: group, filterName: 'plimsoll' })],
      'pattern that nothing matches': [call('logs', 'PutSubscriptionFilter', { ...filter, filterPattern: '{ $.verb = "nothing" }' })],
      'sent elsewhere': [
        call('logs', 'PutSubscriptionFilter', { ...filter, destinationArn: 'arn:aws:lambda:eu-central-1:111122223333:function:x' }),
      ],
    },
    { before: [call('logs', 'PutSubscriptionFilter', filter)] },
  ),
  calls('flow-logs-deleted', 'deletes flow logs', ['D116'], {
    one: [call('ec2', 'DeleteFlowLogs', { DeleteFlowLogsRequest: { FlowLogId: { content: 'fl-0a1b2c3d4e5f60718', tag: 1 } } })],
    several: [
      call('ec2', 'DeleteFlowLogs', {
        DeleteFlowLogsRequest: {
          FlowLogId: [
            { content: 'fl-0a1b2c3d4e5f60718', tag: 1 },
            { content: 'fl-0b1b2c3d4e5f60718', tag: 2 },
          ],
        },
      }),
    ],
  }),
  calls('trail-stopped', 'stops the trail', ['D116'], {
    stopped: [call('cloudtrail', 'StopLogging', { name: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/all' })],
    deleted: [call('cloudtrail', 'DeleteTrail', { name: 'all' })],
    'events no longer selected': [
      call('cloudtrail', 'PutEventSelectors', {
        trailName: 'all',
        eventSelectors: [{ readWriteType: 'ReadOnly', includeManagementEvents: false, dataResources: [] }],
      }),
    ],
  }),
  calls(
    'delivery-cut',
    'disables the rule that brings calls to us',
    ['D116'],
    {
      disabled: [call('events', 'DisableRule', { name: 'plimsoll-api-calls' })],
      deleted: [call('events', 'DeleteRule', { name: 'plimsoll-api-calls' })],
      'targets removed': [call('events', 'RemoveTargets', { rule: 'plimsoll-api-calls', ids: ['Target0'] })],
    },
    { least: 'low' },
  ),
  calls(
    'our-function-removed',
    'removes our own function',
    ['D116'],
    {
      'with the version suffix': [call('lambda', 'DeleteFunction20150331', { functionName: 'plimsoll-analyse-audit' })],
      'by ARN': [
        call('lambda', 'DeleteFunction20150331', {
          functionName: 'arn:aws:lambda:eu-central-1:111122223333:function:plimsoll-analyse-audit',
        }),
      ],
      'no concurrency': [
        call('lambda', 'PutFunctionConcurrency20171031', { functionName: 'plimsoll-analyse-audit', reservedConcurrentExecutions: 0 }),
      ],
      'other code': [
        call('lambda', 'UpdateFunctionCode20150331v2', { functionName: 'plimsoll-analyse-audit', s3Bucket: 'x', s3Key: 'x.zip' }),
      ],
    },
    { least: 'low' },
  ),
  calls(
    'sensor-addon-deleted',
    'deletes the sensor add-on',
    ['D118', 'D124'],
    {
      deleted: [eks('DeleteAddon', { addonName: 'aws-guardduty-agent' })],
      'by clusterName': [call('eks', 'DeleteAddon', { clusterName: 'harbour', addonName: 'aws-guardduty-agent' })],
    },
    { least: 'low' },
  ),
  calls(
    'cluster-deleted',
    'deletes the cluster or its nodes',
    ['D124'],
    {
      cluster: [eks('DeleteCluster', {})],
      'node group': [eks('DeleteNodegroup', { nodegroupName: 'general' })],
      'Fargate profile': [eks('DeleteFargateProfile', { fargateProfileName: 'jobs' })],
    },
    { least: 'low' },
  ),
  calls(
    'mining-nodes-added',
    'adds nodes with graphics processors',
    ['D124'],
    {
      'node group': [
        eks('CreateNodegroup', {
          nodegroupName: 'x',
          instanceTypes: ['p5.48xlarge'],
          scalingConfig: { minSize: 10, maxSize: 20, desiredSize: 10 },
          nodeRole: 'arn:aws:iam::111122223333:role/harbour-node',
          subnets: ['subnet-0a1b2c3d'],
        }),
      ],
    },
    { least: 'low' },
  ),
];
