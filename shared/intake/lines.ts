import { type Element, Gathering, type Splitter } from './gathering.ts';

const lineFeed = 10;

/** Lines, ended by LF or CRLF. Blank lines are numbered and otherwise nothing. */
export class LineSplitter implements Splitter {
  private readonly line: Gathering;
  private number = 1;

  constructor(limit: number) {
    this.line = new Gathering(limit);
  }

  push(chunk: Uint8Array): Element[] {
    const lines: Element[] = [];
    let from = 0;
    for (let to = chunk.indexOf(lineFeed); to >= 0; to = chunk.indexOf(lineFeed, from)) {
      this.line.add(chunk, from, to);
      const line = this.line.take(this.number);
      if (line !== undefined) lines.push(line);
      this.number += 1;
      from = to + 1;
    }
    this.line.add(chunk, from, chunk.length);
    return lines;
  }

  end(): Element[] {
    const line = this.line.take(this.number);
    return line === undefined ? [] : [line];
  }
}
