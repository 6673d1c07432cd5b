import { type HistoryQuery, mostRows } from '../intake/insights-query.ts';
import type { LogRecord } from '../model/record.ts';
import { day, minute } from '../model/time.ts';
import type { Allowance } from './allowance.ts';
import { daysOf, halvesOf, lengthOf, type Span } from './span.ts';

/** A log that answers questions about its past. */
export interface HistoryLog {
  /** The lines that a question asks for in a span, at most `mostRows` of them. */
  ask(question: HistoryQuery, span: Span): Promise<Answer>;
}

/** What a query came to; `scanned` bytes cost money either way. */
export type Answer = { readonly scanned: number } & (
  | { readonly lines: readonly LogRecord[] }
  /** Why there is no answer. */
  | { readonly failure: string }
);

/** A part of the history that was not read: nothing was learnt of it from this question, rather than something from some of it. */
export interface Gap {
  readonly question: string;
  readonly span: Span;
  readonly why: string;
}

/** What was read of a stretch of time. */
export interface Piece {
  readonly span: Span;
  readonly lines: readonly LogRecord[];
  readonly gaps: readonly Gap[];
}

/** Days whose queries run at once: with two questions, few of the queries that an account may run. */
const daysAtOnce = 2;
/** A span this short is not halved any more. */
const shortest = minute;

/**
 * Reads the history of a log, day after day from the oldest, so that versions are learnt in the order in which they came.
 * A result that hits the limit of rows may lack any of them: it is thrown away, and both halves of its span are asked.
 */
export class HistoryReading {
  private readonly log: HistoryLog;
  private readonly questions: readonly HistoryQuery[];
  private readonly allowance: Allowance;
  /** Spans that a question's answer fits into, as far as it is known: a busy log is not asked for whole days again and again. */
  private readonly fits = new Map<HistoryQuery, number>();

  constructor(log: HistoryLog, questions: readonly HistoryQuery[], allowance: Allowance) {
    this.log = log;
    this.questions = questions;
    this.allowance = allowance;
  }

  async *pieces(span: Span): AsyncGenerator<Piece> {
    const days = daysOf(span);
    const under: Promise<Piece>[] = [];
    for (const [position, one] of days.entries()) {
      const piece = this.piece(one);
      // It is awaited in its turn; until then a failure of it is nobody's.
      piece.catch(() => undefined);
      under.push(piece);
      if (position >= daysAtOnce - 1) yield (await under.shift()) as Piece;
    }
    for (const piece of under) yield await piece;
  }

  private async piece(span: Span): Promise<Piece> {
    const parts = await Promise.all(this.questions.map((question) => this.answered(question, span)));
    return { span, lines: parts.flatMap(({ lines }) => lines), gaps: parts.flatMap(({ gaps }) => gaps) };
  }

  private async answered(question: HistoryQuery, span: Span): Promise<Piece> {
    if (lengthOf(span) > (this.fits.get(question) ?? day)) return this.inHalves(question, span);
    const gap = (why: string): Piece => ({ span, lines: [], gaps: [{ question: question.name, span, why }] });
    if (!this.allowance.take(span)) return gap('the budget is spent');
    const answer = await this.log.ask(question, span);
    this.allowance.settle(span, answer.scanned);
    if ('failure' in answer) return gap(answer.failure);
    if (answer.lines.length < mostRows) return { span, lines: answer.lines, gaps: [] };
    if (lengthOf(span) < 2 * shortest) return gap(`more than ${String(mostRows)} rows in the shortest span`);
    this.fits.set(question, Math.min(this.fits.get(question) ?? day, lengthOf(span) / 2));
    return this.inHalves(question, span);
  }

  private async inHalves(question: HistoryQuery, span: Span): Promise<Piece> {
    const [older, newer] = halvesOf(span);
    const first = await this.answered(question, older);
    const second = await this.answered(question, newer);
    return { span, lines: [...first.lines, ...second.lines], gaps: [...first.gaps, ...second.gaps] };
  }
}
