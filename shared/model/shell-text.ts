/** Assignments that are followed: more than a person writes. */
const mostVariables = 32;

/**
 * A command line as a POSIX shell would read it, near enough to search: escapes are characters, `$IFS` is a space,
 * quotes, lone backslashes and empty expansions vanish, variables set on the line are filled in, paths are plain.
 * Each step is one pass over the text.
 */
export function undisguise(text: string): string {
  const unescaped = text
    .replace(/\\\r?\n/g, '')
    .replace(/\\{1,2}x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\{1,2}0?([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8) & 0xff))
    .replace(/\$IFS\$?\d?|\$\{IFS[^}\s]{0,8}\}(?:\$\d)?/g, ' ');
  const unquoted = withVariables(unescaped)
    .replace(/\$\{(?:HOME|PWD|PATH|SHELL|OLDPWD)(?::0:1|%%[^}\s]{1,4})\}/g, '/')
    .replace(/\$\(\)|``|\$[@*\d]|\$\{[@*]\}/g, '')
    .replace(/\$['"]|['"\\]/g, '')
    .replace(/\{([^{}\s]{3,4096})\}/g, (whole, words: string) => (words.includes(',') ? words.replaceAll(',', ' ') : whole));
  return plainPaths(unquoted).replace(/\s+/g, ' ');
}

/** Fills in variables that the text itself sets: `a=/etc/sha;cat ${a}dow`. */
function withVariables(text: string): string {
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/(?:^|[\s;&|(])([A-Za-z_]\w{0,31})=["']?([^\s;&|"'$`]{1,512})/g)) {
    if (values.size < mostVariables) values.set(name, value);
  }
  if (values.size === 0) return text;
  return text.replace(
    /\$(?:\{([A-Za-z_]\w{0,31})\}|([A-Za-z_]\w{0,31}))/g,
    (whole, braced: string | undefined, bare: string | undefined) => {
      return values.get(braced ?? bare ?? '') ?? whole;
    },
  );
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
