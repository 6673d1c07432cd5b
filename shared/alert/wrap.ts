/** How the reader's page is. */
export interface Page {
  readonly width: number;
  /** Whether to colour the severity; nothing else is coloured. */
  readonly colour: boolean;
  /** Whether to show all there is to do, and not only what cannot wait. */
  readonly full?: boolean;
}

const labelWidth = 10;
const indent = labelWidth + 2;

/** A labelled text, its further lines under the first. */
export function field(label: string, text: string, { width }: Page): string {
  return `  ${label.padEnd(labelWidth)}${wrapped(text, width - indent, indent).trimStart()}`;
}

/**
 * A command under a label, broken between words of the shell with the backslash that lets it be pasted; a word that is
 * longer than a line stays whole, because to break it is to change it.
 */
export function commandField(command: string, { width }: Page): string {
  const start = ' '.repeat(indent);
  const lines = commandLines(command, width - indent - 6);
  return lines.map((line, index) => `${start}${index === 0 ? '$ ' : '    '}${line}${index === lines.length - 1 ? '' : ' \\'}`).join('\n');
}

/** Whether a command fits a page without a line that is too long. */
export function fits(command: string, { width }: Page): boolean {
  return commandLines(command, width - indent - 6).every((line) => line.length <= width - indent - 6);
}

function commandLines(command: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of shellWords(command)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Words as a shell sees them, quotes and all; a comment is one word with all that follows. */
function shellWords(command: string): string[] {
  return command.match(/#.*$|(?:'[^']*'|"(?:\$\([^)]*\)|[^"])*"|\\.|[^\s'"\\])+/g) ?? [];
}

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
