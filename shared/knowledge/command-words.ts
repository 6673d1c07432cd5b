/** Words before the command that do not change which command runs. */
const wrappers: ReadonlySet<string> = new Set([
  'sudo',
  'doas',
  'env',
  'exec',
  'eval',
  'nohup',
  'time',
  'timeout',
  'command',
  'builtin',
  'xargs',
  'busybox',
  'toybox',
  'setsid',
  'nice',
  'stdbuf',
  'then',
  'do',
  'else',
  'if',
  'while',
  'until',
  '!',
  'sh',
  'bash',
  'ash',
  'dash',
  'zsh',
]);

/** The single commands of a command line. */
export function segmentsOf(text: string): readonly string[] {
  return text.split(/[;&|\n()`{}]|\$\(/);
}

/** The words of a command, without quotes and redirections. */
export function wordsOf(segment: string): readonly string[] {
  return segment.split(/[\s"'<>]+/).filter(Boolean);
}

/** Which program a command runs: past `sudo`, `env A=b`, `sh -c` and the like, without its path. */
export function commandOf(words: readonly string[]): string {
  return baseName(commandWordOf(words));
}

/** The word of the command that runs, as it is written. */
export function commandWordOf(words: readonly string[]): string {
  return words.find((word) => !wrappers.has(baseName(word)) && !/^(?:-|\d{1,8}[smh]?$|\w{1,64}=)/.test(word)) ?? '';
}

function baseName(word: string): string {
  return plainName(word.slice(word.lastIndexOf('/') + 1));
}

/** No file of a release has a longer name. */
const longestName = 80;

/** A file name without what releases add to it: `kubeletctl_linux_amd64`, `linpeas.sh`, `peirates-v1.1.27`, `fscan.exe`. */
export function plainName(component: string): string {
  if (component.length > longestName) return component;
  return component
    .replace(/[?#].*$/, '')
    .replace(/\.(?:sh|py|pl|rb|exe|elf|bin|tar\.gz|tgz|tar\.xz|zip|gz|deb|rpm)$/, '')
    .replace(/(?:[-_.](?:linux|x86_64|x64|amd64|arm64|aarch64|386|musl|static|v?\d{1,4}|latest))+$/, '');
}
