/**
 * Text in lines of at most `width` characters, each begun with `indent` spaces. Breaks at spaces; words longer than a
 * line, such as the requests and names that attackers pad, break anywhere.
 */
export function wrapped(text: string, width: number, indent: number): string {
  const room = Math.max(20, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((each) => ' '.repeat(indent) + each).join('\n');
}

function pieces(word: string, room: number): string[] {
  return word.length <= room ? [word] : (word.match(new RegExp(`.{1,${String(room)}}`, 'gsu')) ?? []);
}
