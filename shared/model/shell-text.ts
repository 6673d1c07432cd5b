import { withOutput } from './shell-output.ts';
import { withVariables } from './shell-variables.ts';

/**
 * A command line as a POSIX shell would read it, near enough to search: escapes are characters, `$IFS` is a space,
 * quotes, lone backslashes and empty expansions vanish, variables set on the line and the output of `echo` are filled
 * in, paths are plain. Each step is a bounded number of passes over the text.
 */
export function undisguise(text: string): string {
  const unescaped = characters(text.replace(/\\\r?\n/g, ''))
    .replace(/\$IFS\$?\d?|\$\{IFS[^}\s]{0,8}\}(?:\$\d)?/g, ' ')
    .replace(/\$\{(?:HOME|PWD|PATH|SHELL|OLDPWD)(?::0:1|%%[^}\s]{1,4})\}/g, '/');
  const unquoted = filledIn(unescaped)
    .replace(/\$\(\)|``|\$[@*!\d-]|\$\{[@*!\d-]\}/g, '')
    .replace(/\$['"]|['"\\]/g, '');
  return plainPaths(withBraces(unquoted)).replace(/\s+/g, ' ');
}

/** The same where `\n` and `\t` are what `printf`, `echo -e` and `$'…'` take them for, and not letters with a backslash. */
export function withControls(text: string): string {
  return /\bprintf\b|\becho\s+-\w*e|\$'|%b/.test(text) ? text.replace(/\\{1,2}[nrtvf]/g, ' ') : text;
}

/** A text with its escapes by number as characters. Source: POSIX, `printf`; Bash reference manual, "ANSI-C Quoting". */
export function characters(text: string): string {
  if (!text.includes('\\')) return text;
  return text
    .replace(/\\{1,2}(?:x([0-9a-f]{1,2})|u([0-9a-f]{1,4})|U([0-9a-f]{1,8}))/g, (whole, ...digits: (string | undefined)[]) =>
      character(whole, parseInt(digits.slice(0, 3).find(Boolean) ?? '', 16)),
    )
    .replace(/\\{1,2}(0[0-7]{1,3}|[0-7]{1,3})/g, (whole, octal: string) => character(whole, parseInt(octal, 8) & 0xff));
}

/** What a shell never has in a word is no character but something that looks like an escape. */
function character(whole: string, code: number): string {
  return code === 9 || code === 10 || (code >= 32 && code <= 0x10ffff) ? String.fromCodePoint(code) : whole;
}

/** Values depend on output and output on values: `x=$(echo cat);$x`, `a=Y2F0;echo $a|base64 -d`. */
function filledIn(text: string): string {
  const first = withVariables(text);
  const printed = withOutput(first);
  return printed === first ? first : withVariables(printed);
}

/** Alternatives and rounds of a brace expansion that are followed. */
const mostAlternatives = 16;
const mostRounds = 3;
/** Braces without braces in them; those that follow in the same word are expanded in later rounds. */
const alternation = /([^\s{},]{0,64})\{([^{}\s]{1,4096})\}((?:[^\s{},]|\{[^{}\s]{1,64}\}){0,64})/g;
/** A text that grows beyond this is left as it was. */
const longestExpanded = 65_536;

/** `{cat,/etc/shadow}` is two words, `sha{d,}ow` is `shadow` and another. */
function withBraces(text: string): string {
  let expanded = text;
  for (let round = 0; round < mostRounds && expanded.includes('{'); round++) {
    const before = expanded;
    expanded = before.replace(alternation, (whole, head: string, words: string, tail: string, at: number) => {
      if (head.endsWith('$') || !words.includes(',')) return whole;
      // A word of an outer expansion stays one of its words.
      const between = /[{,]/.test(before[at - 1] ?? '') ? ',' : ' ';
      const alternatives = words.split(',').map((word) => head + word + tail);
      return alternatives.slice(0, head === '' && tail === '' ? undefined : mostAlternatives).join(between);
    });
    if (expanded === before) break;
    if (expanded.length > longestExpanded) return before;
  }
  return expanded;
}

/** `/etc//./shadow` and `/etc/x/../shadow` are `/etc/shadow`. The slashes of a URL stay. */
function plainPaths(text: string): string {
  return text.replace(/(?<![:/\w.-])\/[^\s;&|<>()"'`]{1,4096}/g, normalisePath);
}

/** An absolute path without empty, `.` and `..` components and without a trailing slash. */
export function normalisePath(path: string): string {
  const components: string[] = [];
  for (const component of path.split('/')) {
    if (component === '..') components.pop();
    else if (component !== '' && component !== '.') components.push(component);
  }
  return `/${components.join('/')}`;
}
