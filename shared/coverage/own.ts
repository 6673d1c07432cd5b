import type { Deployed } from '../contract/deployed.ts';
import type { Gap } from '../model/coverage.ts';
import type { Asked, Facts, FunctionFacts, Named, OwnFacts } from './facts.ts';
import { type Found, given, together, word } from './gap.ts';

/** Digests of code that were seen first under the name of a deployment, by that name. */
export type KnownDigests = ReadonlyMap<string, string>;

const deploy = 'npx cdk deploy';

/** What is no longer as the stack made it. */
export function judgeOwn({ own }: Facts, deployed: Deployed, digests: KnownDigests): Found {
  const { region } = deployed;
  const codes = new Map(deployed.functions.map(({ name, code }) => [name, code]));
  const states = new Map(deployed.rules.map(({ name, state }) => [name, state]));
  const expected = new Map(deployed.topics.map(({ arn, subscriptions }) => [arn, subscriptions]));
  return together([
    each(own.functions, 'function', ({ name, value }) => {
      if (value.reserved === 0)
        return broken('function-idle', `function ${name} may not run: its concurrency is none`, [
          `aws lambda delete-function-concurrency --region ${region} --function-name ${word(name)}`,
        ]);
      const first = digests.get(codes.get(name) ?? '');
      return first === undefined || first === value.digest
        ? undefined
        : broken('function-changed', `the code of function ${name} is not what was deployed`, [
            '# deploy after a change of any source file, so that the code is uploaded again',
            deploy,
          ]);
    }),
    each(own.mappings, 'mapping', ({ name, value }) =>
      /^(?:Enabled|Enabling|Updating|Creating)$/.test(value)
        ? undefined
        : broken('mapping-off', `the mapping ${name}, which feeds a function, is ${value.toLowerCase() || 'off'}`, [
            `aws lambda update-event-source-mapping --region ${region} --uuid ${word(name)} --enabled`,
          ]),
    ),
    each(own.rules, 'rule', ({ name, value }) => {
      if (value.state !== states.get(name))
        return broken('rule-off', `rule ${name} is ${value.state}, and was deployed ${states.get(name) ?? 'otherwise'}`, [
          deploy,
          `aws events enable-rule --region ${region} --name ${word(name)}`,
        ]);
      return value.targets.length > 0 ? undefined : broken('rule-off', `rule ${name} has no target: its events go nowhere`, [deploy]);
    }),
    each(own.schedules, 'schedule', ({ name, value }) =>
      value === 'ENABLED' ? undefined : broken('schedule-off', `schedule ${name} is ${value}`, [deploy]),
    ),
    each(own.tables, 'table', ({ name, value }) =>
      /^(?:ACTIVE|UPDATING)$/.test(value) ? undefined : broken('table-off', `table ${name} is ${value}`, [deploy]),
    ),
    each(own.topics, 'topic', ({ name, value }) => {
      const missing = (expected.get(name) ?? 0) - value.confirmed;
      if (missing <= 0) return undefined;
      const why = `${String(missing)} of the subscriptions of topic ${name} ${value.pending >= missing ? 'wait for somebody to confirm them' : 'are gone'}: alerts do not reach everybody`;
      return {
        ...broken('topic-unheard', why, [`aws sns list-subscriptions-by-topic --region ${region} --topic-arn ${word(name)}`, deploy]),
        explained: value.pending >= missing ? 'somebody has to confirm, which SNS asked for' : '',
      };
    }),
    alarmsOf(own, deployed),
  ]);
}

type Broken = Pick<Gap, 'id' | 'why' | 'fix' | 'explained'>;

function broken(id: string, why: string, fix: readonly string[]): Broken {
  return { id, why, fix, explained: '' };
}

function each<T>(
  things: readonly Named<T>[],
  kind: string,
  judge: (thing: { readonly name: string; readonly value: T }) => Broken | undefined,
): Found {
  return together(
    things.map(({ name, found }) => {
      const where = { cluster: '', source: 'pipeline', subject: `${kind} ${name}` } as const;
      return given(found, where, (value) => {
        const trouble =
          value === undefined ? broken(`${kind}-missing`, `${kind} ${name} of the stack is gone`, [deploy]) : judge({ name, value });
        return { gaps: trouble === undefined ? [] : [{ ...where, status: 'blind', ...trouble }], notes: [] };
      });
    }),
  );
}

function alarmsOf({ alarms }: OwnFacts, deployed: Deployed): Found {
  const where = { cluster: '', source: 'pipeline', subject: 'the alarms of the stack' } as const;
  return given(alarms, where, ({ count, silenced }) => {
    const gaps: Gap[] = [];
    if (count < deployed.alarms)
      gaps.push({
        ...where,
        status: 'blind',
        ...broken('alarms-missing', `${String(deployed.alarms - count)} of ${String(deployed.alarms)} alarms of the stack are gone`, [
          deploy,
        ]),
      });
    if (silenced.length > 0)
      gaps.push({
        ...where,
        status: 'blind',
        ...broken('alarms-silenced', `${String(silenced.length)} alarms of the stack tell nobody: ${silenced.slice(0, 3).join(', ')}`, [
          `aws cloudwatch enable-alarm-actions --region ${deployed.region} --alarm-names ${silenced.slice(0, 50).map(word).join(' ')}`,
        ]),
      });
    return { gaps, notes: [] };
  });
}

/** A function of the stack by its ARN. */
export function readerOf({ functions }: OwnFacts, arn: string): Asked<FunctionFacts | undefined> {
  return functions.find(({ name }) => name === arn.split(':').at(-1))?.found ?? { unknown: 'it was not looked at' };
}

/** Digests that are seen for the first time under the name of their deployment: what comes after is held against them. */
export function newDigests({ functions }: Facts['own'], deployed: Deployed, known: KnownDigests): ReadonlyMap<string, string> {
  const codes = new Map(deployed.functions.map(({ name, code }) => [name, code]));
  const fresh = new Map<string, string>();
  for (const { name, found } of functions) {
    const code = codes.get(name);
    if (code !== undefined && 'value' in found && found.value !== undefined && !known.has(code)) fresh.set(code, found.value.digest);
  }
  return fresh;
}
