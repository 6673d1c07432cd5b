import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlPlaneFilters } from '../../shared/detect/derive.ts';
import { enrol } from '../../shared/enrolment/enrolling.ts';
import type { FoundFilter } from '../../shared/enrolment/found.ts';
import { isOurs, surelyAllowed, wantedFilters } from '../../shared/enrolment/group-plan.ts';
import { planEnrolment, type Problem } from '../../shared/enrolment/plan.ts';
import { problemText } from '../../shared/enrolment/text.ts';
import { cluster, filter, formerly, group, inPlace, MemoryRegion, ours, settings, theirs } from './region.ts';

const aim = { settings, former: [] };
const plan = (clusters: Parameters<typeof cluster>[], groups: Parameters<typeof group>[]) =>
  planEnrolment(
    { clusters: clusters.map((each) => cluster(...each)), groups: groups.map((each) => group(...each)), unread: [] },
    settings.choice,
    aim,
  );
const steps = (of: ReturnType<typeof plan>) =>
  of.orders.flatMap((order) => order.steps.map((step) => `${step.do} ${step.do === 'put' ? step.filter.name : step.filter}`));
const problems = (of: ReturnType<typeof plan>) => of.problems.map(problemText);

describe('a cluster that is to be watched', () => {
  it('gets the filters that the stack gives those it names', () => {
    const { orders, enrolled } = plan([['blue']], [['blue']]);
    expect(orders.flatMap(({ steps: all }) => all)).toEqual(
      wantedFilters(settings).map((each) => ({ do: 'put', group: '/aws/eks/blue/cluster', filter: each })),
    );
    expect(enrolled).toEqual(['blue']);
    const derived = wantedFilters({ ...settings, filters: controlPlaneFilters('derived') });
    expect(derived.map(({ name, pattern }) => ({ name, pattern }))).toEqual(controlPlaneFilters('derived'));
    expect(wantedFilters({ ...settings, role: 'arn:aws:iam::111122223333:role/writer' })[0]).toMatchObject({
      role: 'arn:aws:iam::111122223333:role/writer',
      distribution: 'Random',
    });
  });

  it('that has them is left alone; one with a filter that was narrowed, or whose lines are changed on the way, gets it back', () => {
    expect(steps(plan([['blue']], [['blue', inPlace]]))).toEqual([]);
    const [main, text] = inPlace as [FoundFilter, FoundFilter];
    expect(steps(plan([['blue']], [['blue', [{ ...main, pattern: 'nothing' }, text]]]))).toEqual(['put plimsoll']);
    expect(steps(plan([['blue']], [['blue', [main, { ...text, altered: true }]]]))).toEqual(['put plimsoll-text']);
  });

  it('is one with the tag, in the very value; all of them where all are chosen; never one that the configuration names', () => {
    const clusters = [cluster('blue'), cluster('off', { tags: { plimsoll: 'off' } }), cluster('bare', { tags: {} }), cluster('production')];
    const found = { clusters, groups: clusters.map(({ name }) => group(name)), unread: [] };
    expect(planEnrolment(found, settings.choice, aim).enrolled).toEqual(['blue']);
    expect(planEnrolment(found, { tag: { key: 'constructor', value: 'x' } }, aim).enrolled).toEqual([]);
    expect(planEnrolment(found, { all: true }, aim).enrolled).toEqual(['blue', 'off', 'bare']);
  });

  it('that is being made is waited for', () => {
    expect(plan([['blue', { status: 'CREATING' }]], [])).toMatchObject({ waiting: ['blue'], problems: [], orders: [] });
  });
});

describe('what cannot be done is told with what to do', () => {
  it.each<[string, Parameters<typeof cluster>, Parameters<typeof group>[], string, string[]]>([
    ['no audit log', ['blue', { audited: false }], [], 'the audit log of blue is off: aws eks update-cluster-config --name blue', []],
    ['no log group', ['blue'], [], '/aws/eks/blue/cluster is not there', []],
    [
      'another log class',
      ['blue'],
      [['blue', [], 'INFREQUENT_ACCESS']],
      'is of the class INFREQUENT_ACCESS, which takes no subscription',
      [],
    ],
    [
      'a filter of our name that is a stranger’s',
      ['blue'],
      [['blue', [filter('plimsoll', theirs)]]],
      `has a filter plimsoll that delivers to ${theirs}, which is not ours: it was left as it is`,
      ['put plimsoll-text'],
    ],
    [
      'room for one',
      ['blue'],
      [['blue', [filter('siem', theirs)]]],
      "has no room for the filter plimsoll-text: CloudWatch Logs is sure to take 2 and siem is there. Remove one, or set filter: 'everything'",
      ['put plimsoll'],
    ],
    [
      'room for one, where the lesser of ours stands',
      ['blue'],
      [['blue', [filter('siem', theirs), inPlace[1]!]]],
      'has no room for the filter plimsoll-text',
      ['remove plimsoll-text', 'put plimsoll'],
    ],
  ])('%s', (_, one, groups, said, done) => {
    const planned = plan([one], groups);
    expect(problems(planned)).toEqual([expect.stringContaining(said)]);
    expect(steps(planned)).toEqual(done);
  });

  it('no room at all', () => {
    const planned = plan([['blue']], [['blue', [filter('siem', theirs), filter('archive', theirs)]]]);
    expect(problems(planned)).toEqual([
      expect.stringContaining('no room for the filter plimsoll: CloudWatch Logs is sure to take 2 and siem, archive are there'),
      expect.stringContaining('no room for the filter plimsoll-text'),
    ]);
    expect([steps(planned), planned.enrolled]).toEqual([[], []]);
  });

  it('a cluster or group that could not be read: nothing is concluded from it', () => {
    const found = {
      clusters: [],
      groups: [group('blue', inPlace)],
      unread: [
        { cluster: 'blue', why: 'ThrottlingException: slow down' },
        { cluster: 'production', why: 'x' },
      ],
    };
    const planned = planEnrolment(found, settings.choice, aim);
    expect(steps(planned)).toEqual([]);
    expect(problems(planned)).toEqual(['blue could not be looked at, so nothing was changed: ThrottlingException: slow down']);
  });
});

describe('a cluster that leaves', () => {
  it.each<[string, Parameters<typeof cluster>[], string[]]>([
    ['lost its tag', [['blue', { tags: {} }]], ['blue']],
    ['is gone', [], []],
  ])('because it %s loses our filters and no others', (_, clusters, left) => {
    const there = [...inPlace, filter('siem', theirs), filter('plimsoll', theirs)];
    const planned = plan(clusters, [['blue', there.slice(0, 3)]]);
    expect(steps(planned)).toEqual(['remove plimsoll', 'remove plimsoll-text']);
    expect([planned.left, planned.problems]).toEqual([left, []]);
    expect(steps(plan(clusters, [['blue', [filter('plimsoll', theirs)]]]))).toEqual([]);
  });

  it('keeps them while it is being deleted, to its last line', () => {
    expect(plan([['blue', { status: 'DELETING', audited: false }]], [['blue', inPlace]])).toMatchObject({
      orders: [],
      problems: [],
      left: [],
    });
  });

  it('leaves with all others when enrolment ends', async () => {
    const region = new MemoryRegion(
      [cluster('blue'), cluster('green')],
      [group('blue', inPlace), group('green', [filter('siem', theirs)])],
    );
    const { done } = await enrol(region, settings, { choice: 'none' });
    expect(done).toHaveLength(2);
    expect([...region.groups.values()].flatMap(({ filters }) => filters)).toEqual([filter('siem', theirs)]);
  });
});

describe('enrolling', () => {
  it('turns filters from where the stack delivered before to where it does now', async () => {
    const region = new MemoryRegion([cluster('blue')], [group('blue', [filter('plimsoll', formerly), filter('plimsoll-text', formerly)])]);
    expect((await enrol(region, settings)).problems.map(({ kind }) => kind)).toEqual(['conflict', 'conflict']);
    const { problems: left, done } = await enrol(region, settings, { former: [formerly] });
    expect([left, done.length]).toEqual([[], 2]);
    expect(region.filters('/aws/eks/blue/cluster').map(({ destination }) => destination)).toEqual([ours, ours]);
  });

  it('does not overwrite what a stranger put while it looked at others', async () => {
    const region = new MemoryRegion([cluster('blue')], [group('blue')]);
    region.meanwhile = () => {
      region.set('/aws/eks/blue/cluster', [filter('plimsoll', theirs), filter('siem', theirs)]);
    };
    await enrol(region, settings);
    expect(region.filters('/aws/eks/blue/cluster')).toEqual([filter('plimsoll', theirs), filter('siem', theirs)]);
  });

  it('goes on with others where AWS refuses one', async () => {
    const region = new MemoryRegion([cluster('blue'), cluster('green')], [group('blue'), group('green')]);
    region.refusing.add('/aws/eks/blue/cluster');
    const { enrolled, problems: told } = await enrol(region, settings);
    expect(enrolled).toEqual(['green']);
    expect(told.map(problemText)).toEqual(['AWS refused to change the subscription of /aws/eks/blue/cluster: Error: not today']);
  });
});

describe('whatever is there', () => {
  const names = ['blue', 'green', 'production'];
  const someFilter = fc.record({
    name: fc.constantFrom('plimsoll', 'plimsoll-text', 'siem', 'archive', 'backup'),
    destination: fc.constantFrom(ours, theirs, formerly),
    pattern: fc.constantFrom('', settings.filters[0]!.pattern, settings.filters[1]!.pattern),
  });
  const someGroup = fc.record({
    cluster: fc.constantFrom(...names),
    filters: fc.uniqueArray(someFilter, { selector: ({ name }) => name, maxLength: 5 }),
    logClass: fc.constantFrom('STANDARD', 'STANDARD', 'INFREQUENT_ACCESS'),
  });
  const someCluster = fc.record({
    name: fc.constantFrom(...names),
    status: fc.constantFrom('CREATING', 'ACTIVE', 'DELETING'),
    tags: fc.constantFrom({}, { plimsoll: 'on' }),
    audited: fc.boolean(),
  });
  const world = fc.record({
    clusters: fc.uniqueArray(someCluster, { selector: ({ name }) => name }),
    groups: fc.uniqueArray(someGroup, { selector: ({ cluster: name }) => name }),
    unread: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 1 }).map((all) => all.map((name) => ({ cluster: name, why: 'x' }))),
    refusing: fc.subarray(names),
    choice: fc.constantFrom(settings.choice, { all: true } as const, 'none' as const),
    former: fc.constantFrom([], [formerly]),
    filters: fc.constantFrom(settings.filters, settings.filters.slice(0, 1)),
  });

  it('no stranger’s filter is touched, no limit is passed, nobody whom the configuration names is changed, and the second time nothing is left to do', () =>
    fc.assert(
      fc.asyncProperty(world, async ({ clusters, groups, unread, refusing, choice, former, filters }) => {
        const own = { ...settings, filters };
        const before = groups.map((each) => group(each.cluster, each.filters, each.logClass));
        const region = new MemoryRegion(clusters, before, unread);
        for (const name of refusing) region.refusing.add(`/aws/eks/${name}/cluster`);
        const isStrangers = (each: FoundFilter): boolean => !isOurs(each, { settings: own, former });
        await enrol(region, own, { choice, former });

        for (const { name, cluster: owner, filters: had } of before) {
          const has = region.filters(name);
          expect(has.filter(isStrangers)).toEqual(had.filter(isStrangers));
          expect(has.length).toBeLessThanOrEqual(Math.max(surelyAllowed, had.length));
          if (owner === 'production' || unread.some((each) => each.cluster === owner)) expect(has).toEqual(had);
        }
        region.refusing.clear();
        const first = await enrol(region, own, { choice, former });
        const second = await enrol(region, own, { choice, former });
        expect(second.done).toEqual([]);
        const lasting = (all: readonly Problem[]): unknown => all.map(problemText);
        expect(lasting(second.problems)).toEqual(lasting(first.problems));
        // Who has all that is wanted is no problem; who is a problem for want of filters lacks some.
        for (const name of second.enrolled) {
          const missing = filters.filter(
            (wanted) => !region.filters(`/aws/eks/${name}/cluster`).some((each) => !isStrangers(each) && each.name === wanted.name),
          );
          const told = second.problems.filter((each) => each.cluster === name && (each.kind === 'full' || each.kind === 'conflict'));
          expect(told).toHaveLength(missing.length);
        }
      }),
      { numRuns: 500 },
    ));
});
