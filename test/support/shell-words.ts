/** The words of a simple POSIX command without substitutions, as a shell hands them on: for tests, by the grammar and not by the product's code. */
export function wordsOf(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < command.length) {
    const character = command[at] ?? '';
    if (character === "'") {
      const end = command.indexOf("'", at + 1);
      word = (word ?? '') + command.slice(at + 1, end);
      at = end + 1;
    } else if (character === '\\') {
      word = (word ?? '') + (command[at + 1] ?? '');
      at += 2;
    } else if (character === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else {
      word = (word ?? '') + character;
      at += 1;
    }
  }
  return word === undefined ? words : [...words, word];
}
