import { core } from '../simulation/target.ts';
import type { Exec, Form } from './attack.ts';

/** How a text is written into a query. All of these mean the same to the API server. Source: Go `net/url`, `ParseQuery`. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  'plus for spaces': (text) => encodeURIComponent(text).replaceAll('%20', '+'),
  'percent for spaces': encodeURIComponent,
  'every byte as percent': (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  'percent in small letters': (text) => encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  'nothing encoded that need not be': (text) => text.replace(/[%&+#; "<>\\^`{|}]|[^\x21-\x7e]/g, encodeURIComponent),
};

const simple = /^[\w@%+=:,./-]+(?: [\w@%+=:,./-]+)*$/;

function argvOf(script: string): string[] {
  if (script === '') return [];
  return simple.test(script) ? script.split(' ') : ['sh', '-c', script];
}

function quoted(script: string): string {
  return `'${script.replaceAll("'", String.raw`'\''`)}'`;
}

const hex = (text: string): string => [...Buffer.from(text)].map((byte) => String.raw`\x` + byte.toString(16).padStart(2, '0')).join('');
const octal = (text: string): string => [...Buffer.from(text)].map((byte) => String.raw`\0` + byte.toString(8).padStart(3, '0')).join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Programs that BusyBox can be. Source: BusyBox, list of applets. */
const applets = new Set(['cat', 'wget', 'nc', 'sh', 'env', 'tar', 'chroot', 'nsenter', 'base64', 'ls', 'rm']);

/** The same command in other words: each gives the argv, or nothing where it does not apply. */
const disguises: Readonly<Record<string, (script: string) => string[] | undefined>> = {
  'in sh -c': (script) => ['sh', '-c', script],
  'in nested shells': (script) => ['sh', '-c', `bash -c ${quoted(`sh -c ${quoted(script)}`)}`],
  'in bash -lc by path': (script) => ['/usr/bin/bash', '-lc', script],
  'in sh -c after harmless words': (script) => ['sh', '-c', `true; cd /tmp && ${script}`],
  'behind env': (script) => ['/usr/bin/env', 'LANG=C', ...argvOf(script)],
  'behind timeout and nice': (script) => ['timeout', '30', 'nice', ...argvOf(script)],
  'behind an assignment': (script) => ['sh', '-c', `LANG=C ${script}`],
  'base64 piped to sh': (script) => ['sh', '-c', `echo ${base64(script)} | base64 -d | sh`],
  'base64 of base64': (script) => ['sh', '-c', `echo ${base64(`echo ${base64(script)} | base64 -d | sh`)} | base64 --decode | bash`],
  'hex by printf': (script) => ['bash', '-c', `eval "$(printf '${hex(script)}')"`],
  'octal by printf': (script) => ['sh', '-c', `eval "$(printf '%b' '${octal(script)}')"`],
  'hex by xxd': (script) => ['sh', '-c', `echo ${Buffer.from(script).toString('hex')} | xxd -r -p | sh`],
  'hex in dollar quotes': (script) => ['bash', '-c', `eval $'${hex(script)}'`],
  'words apart by IFS': (script) =>
    simple.test(script) && script.includes(' ') ? ['sh', '-c', script.replaceAll(' ', '${IFS}')] : undefined,
  'words apart by IFS and a number': (script) =>
    simple.test(script) && script.includes(' ') ? ['sh', '-c', script.replaceAll(' ', '$IFS$9')] : undefined,
  'words apart by braces': (script) =>
    simple.test(script) && script.includes(' ') && !script.includes(',') ? ['bash', '-c', `{${script.replaceAll(' ', ',')}}`] : undefined,
  'words apart by tabs': (script) => (simple.test(script) && script.includes(' ') ? ['sh', '-c', script.replaceAll(' ', '\t')] : undefined),
  'empty quotes in words': (script) => (simple.test(script) ? ['sh', '-c', script.replace(/[a-z](?=[a-z])/g, "$&''")] : undefined),
  'double quotes in words': (script) => (simple.test(script) ? ['sh', '-c', script.replace(/[a-z](?=[a-z]+)/, '$&""')] : undefined),
  'backslashes in words': (script) => (simple.test(script) ? ['sh', '-c', script.replace(/(?<=[a-z])[a-z]/g, String.raw`\$&`)] : undefined),
  'command by absolute path': (script) => (simple.test(script) && !/^[./]/.test(script) ? argvOf(`/usr/bin/${script}`) : undefined),
  'command by a path with dots': (script) =>
    simple.test(script) && !/^[./]/.test(script) ? argvOf(`/usr/local/../bin/./${script}`) : undefined,
  'as a BusyBox applet': (script) =>
    applets.has(script.split(' ')[0] ?? '') && simple.test(script) ? ['/bin/busybox', ...argvOf(script)] : undefined,
  'halves put together': (script) => {
    const middle = Math.floor(script.length / 2);
    return script.length < 8
      ? undefined
      : ['sh', '-c', `a=${quoted(script.slice(0, middle))};b=${quoted(script.slice(middle))};eval "$a$b"`];
  },
  reversed: (script) => ['sh', '-c', `echo ${quoted(script.split('').reverse().join(''))} | rev | sh`],
  'with a comment between': (script) => ['sh', '-c', `# health check\n${script}`],
};

/** Other spellings of a file's path. Each opens the same file. */
const paths: Readonly<Record<string, (path: string) => string | undefined>> = {
  'doubled slashes': (path) => path.replace(/(?<=.)\//g, '//'),
  'dots between': (path) => path.replace(/(?<=.)\//, '/./'),
  'up and down': (path) => path.replace(/^\/([^/]+)\//, '/$1/../$1/'),
  'through the root of process 1': (path) => `/proc/1/root${path}`,
  'through its own root': (path) => `/proc/self/root${path}`,
  'run for var run': (path) => (path.startsWith('/var/run/') ? path.slice('/var'.length) : undefined),
  'a letter left to the shell': (path) => path.replace(/[a-z](?=[^/]*$)/, '?'),
  'the end left to the shell': (path) => `${path.slice(0, -2)}*`,
};

/** Other spellings of an IPv4 address. Source: `inet_aton(3)`. */
const addresses: Readonly<Record<string, (address: string) => string>> = {
  'as one number': (address) => String(numberOf(address)),
  'as one hex number': (address) => `0x${numberOf(address).toString(16)}`,
  'in octal': (address) =>
    partsOf(address)
      .map((part) => `0${part.toString(8)}`)
      .join('.'),
  'in hex parts': (address) =>
    partsOf(address)
      .map((part) => `0x${part.toString(16)}`)
      .join('.'),
  'with a short end': (address) => {
    const [a = 0, b = 0, c = 0, d = 0] = partsOf(address);
    return `${String(a)}.${String(b)}.${String(c * 256 + d)}`;
  },
  'mapped into IPv6': (address) => `[::ffff:${address}]`,
};

const partsOf = (address: string): number[] => address.split('.').map(Number);
const numberOf = (address: string): number => partsOf(address).reduce((sum, part) => sum * 256 + part, 0);

interface Way {
  readonly name: string;
  readonly argv: readonly string[];
  readonly verb?: 'get' | 'create';
  readonly encode?: (text: string) => string;
  readonly parameter?: string;
  readonly order?: 'command last' | 'command first';
}

/** Every way to have one script run in a container. */
export function execForms(exec: Exec): Form[] {
  const argv = argvOf(exec.script);
  const ways: Way[] = [
    { name: 'WebSocket', argv },
    { name: 'SPDY', argv, verb: 'create' },
    ...(argv.length === 0 ? [] : written(exec, argv)),
  ];
  return ways.map((way) => ({ name: way.name, before: [], asks: [askOf(exec, way)] }));
}

function written({ script, path, interactive = false }: Exec, argv: readonly string[]): Way[] {
  const worded = Object.entries(disguises).flatMap(([name, disguise]) => {
    const other = disguise(script);
    // A shell on a terminal stays one: in a pipe it would read the pipe.
    return other === undefined || (interactive && /rev|base64|xxd|eval/.test(other.join(' '))) ? [] : [{ name, argv: other }];
  });
  const spelt = Object.entries(path === undefined ? {} : path.startsWith('/') ? paths : path.startsWith('1') ? addresses : {});
  const placed = spelt.flatMap(([name, spell]) => {
    const other = spell(path ?? '');
    if (other === undefined || other === path) return [];
    const text = script.replace(path ?? '', () => other);
    return [{ name: `path ${name}`, argv: /[?*]/.test(text) ? ['sh', '-c', text] : argvOf(text) }];
  });
  const folder = path?.startsWith('/') === true && script.startsWith('cat /') ? path.slice(0, path.lastIndexOf('/')) : undefined;
  const relative =
    folder === undefined
      ? []
      : [{ name: 'path relative', argv: ['sh', '-c', `cd ${folder} && cat ${(path ?? '').slice(folder.length + 1)}`] }];
  return [
    ...Object.entries(encodings).map(([name, encode]) => ({ name, argv, encode })),
    { name: 'parameter name encoded', argv, parameter: '%63ommand' },
    { name: 'command after other parameters', argv, order: 'command last' as const },
    ...worded,
    ...placed,
    ...relative,
  ];
}

function askOf(exec: Exec, way: Way): Form['asks'][number] {
  const { namespace = 'shop', pod = 'api-6f9d8c7b54-kq2xm', subresource = 'exec', interactive = false } = exec;
  const encode = way.encode ?? ((text: string) => encodeURIComponent(text).replaceAll('%20', '+'));
  const command = way.argv.map((part) => `${way.parameter ?? 'command'}=${encode(part)}`);
  const rest = [
    `container=${pod.split('-')[0] ?? ''}`,
    ...(interactive ? ['stdin=true', 'stdout=true', 'tty=true'] : ['stderr=true', 'stdout=true']),
  ];
  const query = way.order === 'command last' ? [...rest, ...command] : [...command, ...rest];
  return {
    verb: way.verb ?? 'get',
    target: core('pods', namespace, pod, subresource),
    code: 101,
    lasts: 4_000_000,
    query: query.join('&'),
  };
}
