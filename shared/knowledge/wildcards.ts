/** Whether a path with wild cards could be expanded to a path: component by component, as a shell does. */
export function couldMean(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  // `/*/*` names nothing in particular: at least one component has to say something.
  if (wanted.length !== given.length || !wanted.some((component) => /[^*?]{2}/.test(component))) return false;
  return wanted.every((component, place) => componentMatches(component, given[place] ?? ''));
}

/** Greedy matching with one point of return: time is at most the product of the two lengths. */
function componentMatches(pattern: string, name: string): boolean {
  const tokens = pattern.match(/\[[^\]]{1,64}\]|./g) ?? [];
  let [token, letter, star, resume] = [0, 0, -1, 0];
  while (letter < name.length) {
    const current = tokens[token];
    if (current === '*') {
      [star, resume] = [token, letter];
      token += 1;
    } else if (current !== undefined && (current === '?' || current.length > 1 || current === name[letter])) {
      token += 1;
      letter += 1;
    } else if (star >= 0) {
      resume += 1;
      [token, letter] = [star + 1, resume];
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === '*');
}
