import { printable } from '../shared/alert/escape.ts';
import { digest, memberLength } from '../shared/model/hash.ts';
import { exactly, matchesAll } from '../shared/model/pattern.ts';
import { day } from '../shared/model/time.ts';
import { allDecisions, type Decision, isLimit, kindOf } from '../shared/triage/decision.ts';
import { scopeText } from '../shared/triage/reminder.ts';
import type { Suppression } from '../shared/triage/suppression.ts';
import { knownDetection, knownStrategy, thresholdNamed } from './known-names.ts';
import { decisionsListed, when } from './decisions-list.ts';
import { type Desk, deskAt } from './decision-desk.ts';
import { limitRehearsal, rehearsal } from './rehearsing.ts';
import type { SuppressOptions } from './suppress-options.ts';
import { UsageError } from './usage-error.ts';

/** What a command came to. */
export interface Answer {
  readonly lines: readonly string[];
  /** Why nothing was decided. */
  readonly refused?: string;
}

/** Longest time of a decision. */
const mostDays = 366;

/** Does what was asked, and tells. `now` is the time of a decision about deployed tables. */
export async function runSuppress(options: SuppressOptions, now: number): Promise<Answer> {
  const desk = await deskAt(options.place, now);
  const { lines, refused } = await commandOf(options)(options, desk);
  if (refused === undefined && !options.dryRun && options.command !== 'list') await desk.save();
  return { lines: [...lines, ...desk.remarks()].map(printable), ...(refused === undefined ? {} : { refused }) };
}

type Work = (options: SuppressOptions, desk: Desk) => Promise<Answer>;

function commandOf({ command }: SuppressOptions): Work {
  switch (command) {
    case 'add':
      return async (options, desk) => silence(await suppressionOf(options, desk), options, desk);
    case 'stage':
      return (options, desk) => silence(stagingOf(options, desk), options, desk);
    case 'promote':
      return promote;
    case 'limit':
      return limit;
    case 'extend':
      return extend;
    case 'remove':
      return remove;
    case 'list':
      return async (_, desk) => ({ lines: await decisionsListed(desk) });
  }
}

/** A decision before it has an id. */
type Draft<D extends Decision> = D extends Decision ? Omit<D, 'id'> : never;

async function suppressionOf(options: SuppressOptions, { alerts, now }: Desk): Promise<Draft<Suppression>> {
  const { who, why, severity, cluster = '*', entity = '*', strategy, detection = '*', alert } = options;
  const ends = { who, why, until: endOf(options, now), at: now, ...(severity === undefined ? {} : { severity }) };
  if (alert !== undefined) {
    if ([options.cluster, options.entity, strategy, options.detection].some((scope) => scope !== undefined))
      throw new UsageError('--alert names all of a scope: leave --detection, --strategy, --entity and --cluster out');
    const known = await alerts.get(alert);
    if (known === undefined) throw new UsageError(`--alert ${alert}: there is no such alert`);
    const { speaker } = known;
    // Whoever is alerted on chose parts of it: they are taken literally.
    return { ...ends, alert, detection: speaker.detection, cluster: exactly(speaker.cluster), entity: exactly(speaker.entity.id) };
  }
  if (detection !== '*') knownDetection(detection);
  if (strategy !== undefined && !matchesAll(strategy)) knownStrategy(strategy);
  if (detection === '*' && matchesAll(strategy ?? '*') && matchesAll(entity))
    throw new UsageError('this would silence everything: name --detection, --strategy, --entity or --alert');
  for (const [name, pattern] of Object.entries({ entity, cluster })) if (pattern === '') throw new UsageError(`--${name} is empty`);
  return { ...ends, detection, cluster, entity, ...(strategy === undefined ? {} : { strategy }) };
}

function stagingOf(options: SuppressOptions, { now }: Desk): Draft<Suppression> {
  const { who, why, cluster = '*', words } = options;
  const detection = knownDetection(words[0] ?? '').id;
  return { detection, cluster, entity: '*', who, why, until: endOf(options, now), at: now, severity: 'critical', staged: true };
}

/** Tries a decision on the past, and stores it unless it would hide what is grave and nobody said so. */
async function silence(draft: Draft<Suppression>, options: SuppressOptions, desk: Desk): Promise<Answer> {
  const { suppression, lines, grave } = await rehearsal(draft, options.history, desk);
  const refused = `nothing is decided: it would silence what is high or critical; add --grave to do so${draft.staged === true ? '' : ', or --severity medium to be told of that'}`;
  if (grave && !options.grave) return options.dryRun ? { lines: [...lines, 'it would need --grave'] } : { lines, refused };
  return store(suppression, options, desk, lines);
}

async function limit(options: SuppressOptions, desk: Desk): Promise<Answer> {
  const { words, who, why, cluster = '*' } = options;
  const threshold = thresholdNamed(words[0] ?? '');
  const { ceiling, profile } = threshold.limit;
  const count = /^\d{1,9}$/.test(words[1] ?? '') ? Number(words[1]) : 0;
  if (count < 1) throw new UsageError(`${words[1] ?? ''}: expected a number from 1 to ${String(ceiling)}`);
  if (count > ceiling)
    throw new UsageError(
      `${String(count)}: the ceiling of ${threshold.id} is ${String(ceiling)}, and nothing lifts it: suppress whom you know`,
    );
  const until = endOf(options, desk.now);
  const learnt = profile === undefined ? 'its ceiling' : `what was learnt, from ${String(profile.floor)} to`;
  const line = `  in place of ${learnt} ${String(ceiling)}, within ${String(threshold.count.minutes)} minutes`;
  const draft = { detection: threshold.id, cluster, limit: count, who, why, until, at: desk.now };
  return store(draft, options, desk, [line, ...(await limitRehearsal(draft, options.history, desk))]);
}

async function store(draft: Draft<Decision>, { dryRun }: SuppressOptions, desk: Desk, lines: readonly string[]): Promise<Answer> {
  const same = (await allDecisions(desk.decisions)).find((each) => scopeOf(each) === scopeOf(draft));
  // As a kind, an id begins with a letter: none is taken for an option.
  const id = same?.id ?? `${kindOf(draft).slice(0, 2)}-${digest(memberLength, [scopeOf(draft), String(desk.now)])}`;
  const decision = { id, ...draft } as Decision;
  if (!dryRun) await desk.decisions.put(decision);
  const replaced = same === undefined ? '' : `, in place of that by ${same.who} until ${when(same.until)}`;
  return { lines: [`${dryRun ? 'would decide' : 'decided'}: ${described(decision)}${replaced}`, ...lines] };
}

/** What a decision is about: of each scope there is one decision of a kind. */
function scopeOf(decision: Draft<Decision>): string {
  const { detection, cluster } = decision;
  if ('limit' in decision) return JSON.stringify(['limit', detection, cluster]);
  const { strategy, entity, alert, staged } = decision;
  return JSON.stringify(['suppression', detection, cluster, strategy, entity, alert, staged]);
}

async function promote({ words, cluster, dryRun }: SuppressOptions, { decisions }: Desk): Promise<Answer> {
  const [detection = ''] = words;
  const staged = (await decisions.suppressions()).filter(
    (each) => each.staged === true && each.detection === detection && (cluster === undefined || each.cluster === cluster),
  );
  if (staged.length === 0) throw new UsageError(`${detection}: it is not staged${cluster === undefined ? '' : ` in ${cluster}`}`);
  if (!dryRun) for (const each of staged) await decisions.remove(each);
  return { lines: staged.map((each) => `${dryRun ? 'would promote' : 'promoted'}: ${described(each)}`) };
}

async function extend(options: SuppressOptions, desk: Desk): Promise<Answer> {
  const known = await decisionNamed(options, desk);
  const { who, why } = options;
  const decision = { ...known, who, why: why === '' ? known.why : why, until: endOf(options, desk.now) };
  if (!options.dryRun) await desk.decisions.put(decision);
  return { lines: [`${options.dryRun ? 'would extend' : 'extended'}: ${described(decision)}, which was to end ${when(known.until)}`] };
}

async function remove(options: SuppressOptions, desk: Desk): Promise<Answer> {
  const known = await decisionNamed(options, desk);
  if (!options.dryRun) await desk.decisions.remove(known);
  return { lines: [`${options.dryRun ? 'would remove' : 'removed'}: ${described(known)}`] };
}

async function decisionNamed({ words }: SuppressOptions, { decisions }: Desk): Promise<Decision> {
  const known = (await allDecisions(decisions)).find(({ id }) => id === words[0]);
  if (known === undefined) throw new UsageError(`${words[0] ?? ''}: there is no such decision; list tells which there are`);
  return known;
}

function endOf({ until }: SuppressOptions, now: number): number {
  if (until === undefined) throw new Error('a decision without an end');
  const end = 'at' in until ? until.at : now + until.days * day;
  if (end <= now) throw new UsageError(`${when(end)} is past: a decision ends after ${when(now)}`);
  if (end > now + mostDays * day) throw new UsageError(`${when(end)} is more than a year away: decide anew by then`);
  return end;
}

function described(decision: Decision): string {
  const severity = isLimit(decision) || decision.staged === true ? '' : `, up to ${decision.severity ?? 'critical'}`;
  return `${kindOf(decision)} ${decision.id}: ${scopeText(decision)}${severity}, by ${decision.who} until ${when(decision.until)}: ${decision.why}`;
}
