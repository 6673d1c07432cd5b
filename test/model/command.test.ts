import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandOf, describeCommand } from '../../shared/model/command.ts';
import { normalisePath, undisguise } from '../../shared/model/shell-text.ts';

const plain = 'cat /etc/shadow';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');

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
  ['base64', ['sh', '-c', `echo ${base64(plain)}|base64 -d|sh`]],
  ['base64 in base64', ['sh', '-c', `echo ${base64(`echo ${base64(plain)} | base64 -d | sh`)} | base64 -d | sh`]],
  ['base64 with a stray byte', ['sh', '-c', `echo ${base64(`${plain} #\u0001`)}|base64 -d|sh`]],
  ['base64 of disguises', ['sh', '-c', `echo ${base64("c''at${IFS}/etc/sha''dow")}|base64 -d|sh`]],
  ['base64 behind decoys', ['sh', '-c', `: ${'QUFBQUFBQUFBQUFBQUFB '.repeat(200)}; echo ${base64(plain)}|base64 -d|sh`]],
  ['hexadecimal', ['sh', '-c', `echo ${hex(plain)}|xxd -r -p|sh`]],
  ['hexadecimal byte by byte', ['sh', '-c', `echo ${hex(plain).replace(/../g, '$& ')}|xxd -r -p|sh`]],
  ['backwards', ['sh', '-c', `echo '${Array.from(plain).reverse().join('')}'|rev|sh`]],
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

  const hostile = ['{', '{a,', 'a=b;', '${', '$IFS', '/../', "'", '\\', '00 ', 'Zm9v', 'rev ', '\\x41', '/a', '[', 'x=$x$x;'];
  it.each(hostile)('takes linear time over repetitions of %j', (part) => {
    const before = performance.now();
    describeCommand([part.repeat(40_000 / part.length)]);
    expect(performance.now() - before).toBeLessThan(2_000);
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
