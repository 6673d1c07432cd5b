import { execQuery } from '../simulation/audit.ts';
import { type Micros, hour, minute, second } from '../simulation/clock.ts';
import { type Identity, roleIdentity } from '../simulation/identity.ts';
import { createPod, deletePod } from '../simulation/pod-life.ts';
import type { PodShape } from '../simulation/pod-object.ts';
import { registry } from '../simulation/population.ts';
import { rollOut } from '../simulation/rollout.ts';
import { pipelineRoutine } from '../simulation/routine-people.ts';
import { apps, core } from '../simulation/target.ts';
import type { Workload } from '../simulation/workload.ts';
import { type TeamPlan, capital } from './population.ts';
import type { Town } from './town.ts';
import { helmRelease, read, write } from './writing.ts';

/** A job of a team's pipeline: every job signs in with a session of its own. */
export function jobOf(town: Town, { name, delivery, hostedRunners }: TeamPlan): Identity {
  const { random } = town;
  const runner = hostedRunners ? `2001:db8:${(0xe00 + random.int(0, 0xff)).toString(16)}::5` : `10.20.4.${String(random.int(10, 200))}`;
  const agent = delivery === 'kubectl' ? 'kubectl/v1.32.2 (linux/amd64) kubernetes/67a30c0' : 'Helm/3.17.1';
  const session = `gitlab-${String(random.int(1_000_000, 9_999_999))}`;
  return roleIdentity('pipeline', { role: `${capital(name)}Deploy`, session, address: runner, agent, group: `town:${name}` });
}

/** Who brings a team's changes in: its pipeline, or the GitOps controller. */
export function delivererOf(town: Town, team: TeamPlan): Identity {
  const gitOps = town.workload('argocd/argocd-application-controller').identity;
  return team.delivery === 'gitops' && gitOps !== undefined ? gitOps : jobOf(town, team);
}

/** A team releases a version of one of its workloads. */
export function release(town: Town, team: TeamPlan, workload: Workload, image: string, at: Micros): void {
  const by = delivererOf(town, team);
  const { namespace, name } = workload.plan;
  if (by.kind === 'pipeline') {
    for (let check = 0; check < 3; check++) town.request(pipelineRoutine(town, by, at - (check + 2) * second));
    if (team.delivery === 'helm') helmRelease(town, by, at, namespace, name, workload.generation);
    read(town, by, at - second, apps('deployments', namespace, name));
  }
  rollOut(town, workload, image, { by, style: team.delivery === 'kubectl' ? 'set-image' : 'apply' }, at + second);
}

/** The workloads that a team releases: databases stay as they are. */
export function releasable(town: Town, team: string): Workload[] {
  return [...town.workloads.values()].filter(({ plan }) => plan.namespace === team && !plan.image.includes('/mirror/'));
}

export function nextImage({ plan, generation }: Workload): string {
  return `${plan.image}:${plan.tag}-${String(generation + 1)}`;
}

/** Releases and builds of a working day. */
export function planCi(town: Town, midnight: Micros, { builds, releases }: { builds: number; releases: number }): void {
  const { random, timeline } = town;
  for (let count = 0; count < releases; count++) {
    timeline.at(midnight + (8 + random.next() * 9) * hour, (now) => {
      const team = random.pick(town.plan.teams);
      const workload = random.pick(releasable(town, team.name));
      town.tell('releases', () => {
        release(town, team, workload, nextImage(workload), now);
      });
    });
  }
  for (let count = 0; count < builds; count++) {
    const night = random.chance(0.15);
    timeline.at(midnight + (night ? random.next() * 24 : 7 + random.next() * 12) * hour, (now) => {
      town.tell('CI builds', () => {
        build(town, now);
      });
    });
  }
}

const buildImages = [
  'mirror/node:22',
  'mirror/golang:1.24',
  'mirror/maven:3.9',
  'mirror/python:3.13',
  'ci/helper:2.4.0',
  'mirror/trivy:0.60',
];
const publicImages = ['docker.io/library/node:22-alpine', 'docker.io/library/postgres:16', 'docker.io/cypress/included:14.0.0'];
const scripts = ['npm ci && npm test', 'go test ./...', 'mvn -B verify', 'pytest -q', 'trivy image --severity HIGH $IMAGE'];

/** A runner makes a bare pod for a job, runs the script in it, and deletes it. */
function build(town: Town, at: Micros): void {
  const { random } = town;
  const by = town.workload('ci/gitlab-runner').identity;
  if (by === undefined) return;
  const name = `runner-${random.suffix(9)}-project-${String(random.int(10, 99))}-concurrent-${String(random.int(0, 5))}`;
  const image = random.chance(0.75) ? `${registry}/${random.pick(buildImages)}` : random.pick(publicImages);
  const docker = town.plan.privilegedBuilds && random.chance(0.08);
  const shape: PodShape = {
    namespace: 'ci',
    name,
    labels: { pod: name, 'job.runner.gitlab.com/pod': name },
    image: docker ? `${registry}/mirror/docker:27-dind` : image,
    container: 'build',
    account: 'default',
    env: [['CI_JOB_STAGE', 'test']],
    restart: 'Never',
    ...(docker ? { containerSpec: { securityContext: { privileged: true } } } : {}),
  };
  const secret = core('secrets', 'ci', name);
  write(town, { by, at, verb: 'create', target: secret, manager: 'gitlab-runner' });
  const pod = createPod(town, shape, { by, manager: 'gitlab-runner' }, at + second);
  const target = core('pods', 'ci', name, 'exec');
  const query = execQuery(['sh', '-c', `set -eo pipefail; ${random.pick(scripts)}`], 'build', false);
  const lasts = random.amount(90, 0.8) * second;
  town.request({ by, at: pod.ready + 2 * second, verb: 'create', target, query, code: 101, lasts });
  town.timeline.at(pod.ready + lasts + 5 * second, (now) => {
    deletePod(town, pod, by, now);
    write(town, { by, at: now + second, verb: 'delete', target: secret });
  });
}

/** A handful of branches get a whole environment each, which lives for hours. */
export function buildStorm(town: Town, at: Micros, count: number): void {
  for (let index = 0; index < count; index++) {
    town.timeline.at(at + index * town.random.int(1, 4) * second, (now) => {
      build(town, now);
    });
  }
  // Retries of what failed.
  for (let index = 0; index < count / 5; index++) {
    town.timeline.at(at + 20 * minute + index * 3 * second, (now) => {
      build(town, now);
    });
  }
}
