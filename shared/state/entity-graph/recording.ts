import type { AuditEvent } from '../../model/audit.ts';
import type { Scope } from '../../model/base.ts';
import { Recent } from '../../model/recent.ts';
import { day } from '../../model/time.ts';
import { owned } from '../../model/writing.ts';
import type { Merge, StateDocument } from '../store.ts';
import { changesOf } from './documents.ts';
import { type Fact, factsOf } from './facts.ts';
import { lateMarkOf, markOf } from './marks.ts';

/** Facts remembered as written. Forgetting is harmless: a fact that is written again changes nothing. */
const remembered = 20_000;

/** What a payload writes into the graph. */
export interface GraphEntries {
  readonly documents: readonly StateDocument[];
  /** Marks that payloads share: who set one need not set it again. */
  readonly marks: readonly Merge[];
  /** Marks of stretches that may have been folded. */
  readonly lateMarks: readonly Merge[];
  readonly facts: readonly Fact[];
  readonly scope: Scope | undefined;
}

/** Records what the audit log tells of pods, nodes and addresses, each fact once in a process. */
export class GraphRecorder {
  private readonly written = new Recent<number>(remembered);

  /** What the events of one payload, all of one cluster, tell that was not written before. */
  entriesOf(events: readonly AuditEvent[]): GraphEntries {
    const facts: Fact[] = [];
    // That a pod ended, several requests of one payload tell.
    const told = new Map<string, number>();
    let newest = -Infinity;
    let late = false;
    let scope: Scope | undefined;
    for (const event of events) {
      const news = factsOf(event).filter((fact) => {
        const name = nameOf(event.scope, fact);
        if (isTold(told.get(name), fact) || isTold(this.written.get(name), fact)) return false;
        if (fact.kind !== 'labels') told.set(name, fact.time);
        return true;
      });
      if (news.length === 0) continue;
      facts.push(...news);
      scope = event.scope;
      if (event.time > newest) [newest, late] = [event.time, event.late];
    }
    if (scope === undefined) return { scope, facts, documents: [], marks: [], lateMarks: [] };
    const { stretch, documents } = changesOf(scope, facts, newest);
    const lateMarks = late ? documents.map(({ sort }) => lateMarkOf(stretch, sort)) : [];
    return { scope, facts, documents, marks: late ? [] : [markOf(stretch)], lateMarks };
  }

  /** Remembers what was written. Called only after it was. */
  commit({ scope, facts }: GraphEntries): void {
    if (scope === undefined) return;
    for (const fact of facts) if (fact.kind !== 'labels') this.written.set(owned(nameOf(scope, fact)), fact.time);
  }
}

/**
 * Of moments only the earliest counts, and that a node's address is still in use is worth saying once a day. Labels that
 * return to what they were are news each time.
 */
function isTold(time: number | undefined, fact: Fact): boolean {
  return time !== undefined && time <= fact.time && fact.time < time + day;
}

function nameOf({ account, region, cluster }: Scope, fact: Fact): string {
  const subject = 'uid' in fact ? fact.uid : fact.node;
  const about = 'address' in fact ? fact.address : 'instance' in fact ? fact.instance : '';
  return `${account}/${region}/${cluster} ${fact.kind} ${subject} ${about}`;
}
