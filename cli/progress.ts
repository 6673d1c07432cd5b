/** Where progress is shown. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 24;
/** Milliseconds between drawings: a person sees no more. */
const redrawAfter = 100;

/** A bar on a terminal; nothing where nobody watches. */
export class Progress {
  private readonly screen: Screen;
  private readonly clock: () => number;
  private readonly total: number;
  private done = 0;
  private drawn = 0;

  constructor(screen: Screen, total: number, clock: () => number = Date.now) {
    this.screen = screen;
    this.total = total;
    this.clock = clock;
  }

  /** So many more bytes were read; `lines` were judged so far. */
  advance(bytes: number, lines: number): void {
    this.done += bytes;
    if (this.screen.isTTY !== true) return;
    const now = this.clock();
    if (now - this.drawn < redrawAfter) return;
    this.drawn = now;
    this.screen.write(`\r${this.text(lines)}\u001b[K`);
  }

  /** Leaves the line to what comes next. */
  clear(): void {
    if (this.screen.isTTY === true && this.drawn > 0) this.screen.write('\r\u001b[K');
  }

  private text(lines: number): string {
    const share = this.total === 0 ? 1 : Math.min(1, this.done / this.total);
    const filled = Math.round(share * barWidth);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
    return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${String(lines)} lines`.slice(
      0,
      Math.max(10, (this.screen.columns ?? 80) - 1),
    );
  }
}
