/** A thing that happens at regular times. */
export interface Rhythm {
  /** Minutes from one to the next. */
  readonly period: number;
  /** How often it happened. */
  readonly times: number;
  /** Minutes from first to last. */
  readonly lasts: number;
  /** Share of the gaps that are as long as the period, give or take what a minute's grain and a little jitter make of it. */
  readonly regular: number;
}

/**
 * The rhythm of something that was seen in these minutes, in order. In a busy minute it may have happened unseen: gaps with busy
 * minutes in them say nothing. Source: regularity by the share of gaps near their median, which one missed beat or two do not spoil.
 */
export function rhythmOf(minutes: readonly number[], busy: ReadonlySet<number>): Rhythm | undefined {
  const first = minutes[0];
  const last = minutes.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const gaps = minutes.slice(1).flatMap((minute, at) => {
    const before = minutes[at] ?? minute;
    for (let between = before + 1; between < minute; between += 1) if (busy.has(between)) return [];
    return [minute - before];
  });
  const inOrder = [...gaps].sort((one, other) => one - other);
  const period = inOrder[Math.floor(inOrder.length / 2)];
  if (period === undefined) return undefined;
  // A minute's grain alone moves a gap by one; a gap of one is a minute next to another, and two is one left out.
  const play = period === 1 ? 0 : Math.max(1, Math.floor(period / 5));
  const regular = gaps.filter((gap) => Math.abs(gap - period) <= play).length / gaps.length;
  return { period, times: minutes.length, lasts: last - first, regular };
}
