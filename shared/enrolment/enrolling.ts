import type { EnrolmentSettings } from '../contract/enrolment.ts';
import type { Found, FoundFilter } from './found.ts';
import { type Aim, planToEnrol, planToLeave, type Step, type WantedFilter } from './group-plan.ts';
import { type Choice, type EnrolmentPlan, type GroupOrder, planEnrolment, type Problem } from './plan.ts';

/** What enrolment reaches outside itself. */
export interface EnrolmentPort {
  /** What there is. Throws where that cannot be told as a whole. */
  look(named: ReadonlySet<string>): Promise<Found>;
  /** The filters of a log group, as they are now. */
  filtersOf(group: string): Promise<readonly FoundFilter[]>;
  put(group: string, filter: WantedFilter): Promise<void>;
  remove(group: string, filter: string): Promise<void>;
}

/** What enrolment came to. */
export interface Enrolment extends EnrolmentPlan {
  readonly done: readonly Step[];
}

/** Looks, decides, and does it. What AWS refuses is a problem of that cluster alone. */
export async function enrol(
  port: EnrolmentPort,
  settings: EnrolmentSettings,
  { choice = settings.choice, former = [] }: { readonly choice?: Choice; readonly former?: readonly string[] } = {},
): Promise<Enrolment> {
  const aim = { settings, former };
  const plan = planEnrolment(await port.look(new Set(settings.named)), choice, aim);
  const done: Step[] = [];
  const refused: Problem[] = [];
  for (const order of plan.orders) {
    try {
      for (const step of await stepsNow(port, order, aim)) {
        await (step.do === 'put' ? port.put(step.group, step.filter) : port.remove(step.group, step.filter));
        done.push(step);
      }
    } catch (error) {
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      refused.push({ kind: 'refused', cluster: order.group.cluster, why });
    }
  }
  const failed = new Set(refused.map(({ cluster }) => cluster));
  return {
    ...plan,
    enrolled: plan.enrolled.filter((cluster) => !failed.has(cluster)),
    problems: [...plan.problems, ...refused],
    done,
  };
}

/** To put a filter is to overwrite one of its name, and to look at many clusters takes minutes: each group is looked at once more. */
async function stepsNow(port: EnrolmentPort, { group, what }: GroupOrder, aim: Aim): Promise<readonly Step[]> {
  const now = { ...group, filters: await port.filtersOf(group.name) };
  return what === 'enrol' ? planToEnrol(now, aim).steps : planToLeave(now, aim);
}
