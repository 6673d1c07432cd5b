import { type Talker, talkerOf } from '../model/talker.ts';

/** Who is counted apart at most: names are the callers' own. */
const mostTalkers = 20_000;
const others = 'others';

/** Counts what each talker wrote. */
export class Talkers {
  lines = 0;
  bytes = 0;
  private readonly byName = new Map<string, Talker>();

  /** Counts a line of the audit log; what is no audit event counts under its own name. */
  add(line: string): void {
    this.count({ ...talkerOf(line), lines: 1, bytes: Buffer.byteLength(line) });
  }

  /** Counts what somebody else added up. */
  count(talker: Talker): void {
    this.lines += talker.lines;
    this.bytes += talker.bytes;
    const name = `${talker.who}\n${talker.verb}\n${talker.resource}`;
    const room = this.byName.size < mostTalkers || this.byName.has(name);
    const [key, kept] = room ? [name, talker] : [others, { ...talker, who: others, verb: '', resource: '' }];
    const known = this.byName.get(key);
    this.byName.set(key, known === undefined ? kept : { ...known, lines: known.lines + talker.lines, bytes: known.bytes + talker.bytes });
  }

  /** The largest, in bytes. */
  top(most: number): readonly Talker[] {
    return [...this.byName.values()].sort((a, b) => b.bytes - a.bytes || a.who.localeCompare(b.who)).slice(0, most);
  }
}
