import { Recent } from '../../model/recent.ts';
import type { Cell } from './cell.ts';

/** Cells, and counters, that are remembered. */
const remembered = 50_000;

/**
 * What this process has counted and judged, to the end. To count it again changes nothing: the windows that hold it are judged
 * again whenever somebody counts what is new in them.
 */
export class CountedCells {
  private readonly cells = new Recent<true>(remembered);
  private readonly raised = new Recent<true>(remembered);

  /** Whether a cell must be counted: those of a counter that raised something always are, for what it counts is suspect. */
  isNews(cell: Cell): boolean {
    return this.cells.get(nameOf(cell)) === undefined || this.raised.get(cell.counter) !== undefined;
  }

  note(cell: Cell): void {
    this.cells.set(nameOf(cell), true);
  }

  noteRaised(counter: string): void {
    this.raised.set(counter, true);
  }
}

function nameOf({ counter, minute: at, member }: Cell): string {
  return `${counter} ${String(at)} ${member}`;
}
