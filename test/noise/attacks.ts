import type { ApiRequest } from '../simulation/audit.ts';
import { type Micros, hour, minute, second } from '../simulation/clock.ts';
import { type Identity, stolen } from '../simulation/identity.ts';
import { createPod, stopPod } from '../simulation/pod-life.ts';
import type { PodShape } from '../simulation/pod-object.ts';
import { launch } from '../simulation/rollout.ts';
import { type Target, apps, core, grouped } from '../simulation/target.ts';
import { Workload, accountOf } from '../simulation/workload.ts';
import { jobOf, releasable } from './ci.ts';
import type { Person } from './people.ts';
import type { Town } from './town.ts';
import { bindingBody, rbac, read, write } from './writing.ts';

/** Records of requests that are evidence of one deed. */
function deed(town: Town, attack: string, what: string, time: Micros, lines: readonly { readonly id: string }[]): void {
  town.deeds.push({ attack, what, time, records: new Set(lines.map(({ id }) => id)) });
}

const mining = 'docker.io/acmeops/worker:latest';

function sprayed(namespace: string, name: string): PodShape {
  const labels = { app: name };
  return { namespace, generateName: `${name}-`, labels, image: mining, container: name, account: 'default', env: [], restart: 'Never' };
}

/** A hundred pods within a minute, with a developer's stolen login. */
export function planSpraying(town: Town, people: readonly Person[], at: Micros): void {
  const attack = 'spraying, fast';
  town.timeline.at(at, (now) => {
    town.tell(attack, () => {
      const victim = town.random.pick(people.filter(({ plan }) => plan.team !== 'platform'));
      const by = stolen(victim.identity, now, '203.0.113.77', victim.identity.agent);
      const pods = Array.from({ length: 100 }, (_, index) =>
        createPod(town, sprayed(victim.plan.team, 'worker'), { by, manager: 'kubectl-create' }, now + index * 580_000),
      );
      deed(
        town,
        attack,
        'creates a hundred pods within a minute',
        now,
        pods.map(({ creation }) => ({ id: creation })),
      );
      for (const pod of pods) stopPod(town, pod, now + 2 * hour + town.random.int(1, 60) * second);
    });
  });
}

const plausible = ['cache-warmer', 'log-shipper', 'sync', 'migrate', 'report', 'healthcheck', 'indexer', 'resize', 'sweeper', 'probe'];

/** A hundred pods over two hours, under many names in many namespaces, with a pipeline's session on its own runner. */
export function planSlowSpraying(town: Town, at: Micros): void {
  const attack = 'spraying, slow';
  const { random, timeline } = town;
  timeline.at(at, (start) => {
    const by = jobOf(town, { name: random.pick(town.plan.teams).name, delivery: 'helm', hostedRunners: false });
    const records: { id: string }[] = [];
    for (let index = 0; index < 100; index++) {
      timeline.at(start + index * 72 * second + random.int(0, 50) * second, (now) => {
        town.tell(attack, () => {
          const { name } = random.pick(town.plan.teams);
          const shape = sprayed(name, `${name}-${random.pick(plausible)}`);
          const pod = createPod(town, shape, { by, manager: 'helm' }, now);
          records.push({ id: pod.creation });
          if (index === 99) deed(town, attack, 'creates a hundred pods in two hours', start, records);
        });
      });
    }
  });
}

/** A pipeline's session in other hands: it reads Secrets, deploys from another registry and binds a role. */
export function planStolenPipeline(town: Town, at: Micros): void {
  const attack = 'compromised CI identity';
  const { random } = town;
  town.timeline.at(at, (now) => {
    town.tell(attack, () => {
      const team = random.pick(town.plan.teams);
      const by = stolen(
        jobOf(town, { ...team, hostedRunners: false }),
        now,
        '203.0.113.99',
        'kubectl/v1.30.2 (linux/amd64) kubernetes/3968350',
      );
      const secrets = releasable(town, team.name).slice(0, 5);
      const reads = [
        ...read(town, by, now, core('secrets', team.name), 'limit=500'),
        ...secrets.flatMap(({ plan }, index) =>
          read(town, by, now + (8 + index) * second, core('secrets', team.name, `${plan.name}-credentials`)),
        ),
      ];
      deed(town, attack, 'reads Secrets from a new network', now, reads);
      const plan = {
        namespace: team.name,
        name: `${team.name}-metrics`,
        replicas: 2,
        port: 8080,
        // Another attacker than the one who sprays: what either shows of himself must not make the other known.
        image: 'quay.io/opsforge/agent',
        tag: 'v2',
        env: 1,
      };
      const deployed = now + 6 * minute;
      deed(
        town,
        attack,
        'deploys an image from a new registry',
        deployed,
        launch(town, new Workload(plan, random), { by, style: 'apply' }, deployed),
      );
      const bound = now + 11 * minute;
      const object = bindingBody('cluster:cluster-admin', { account: 'default', namespace: team.name });
      const target = rbac('clusterrolebindings', undefined, `${team.name}-metrics`);
      deed(town, attack, 'binds a role', bound, write(town, { by, at: bound, verb: 'create', target, object }));
    });
  });
}

const doors = (namespaces: readonly string[]): Target[] => [
  core('secrets'),
  core('nodes'),
  ...namespaces.flatMap((namespace) => [core('secrets', namespace), core('pods', namespace), core('configmaps', namespace)]),
  rbac('clusterroles', undefined, 'cluster-admin'),
  grouped('rbac.authorization.k8s.io', 'clusterrolebindings'),
  apps('daemonsets', 'kube-system'),
  core('serviceaccounts', 'kube-system'),
  grouped('admissionregistration.k8s.io', 'validatingwebhookconfigurations'),
];

/** The token of an application's pod, used in it by somebody who tries what it opens. */
export function planReconnaissance(town: Town, at: Micros): void {
  const attack = 'reconnaissance';
  const { random } = town;
  town.timeline.at(at, (now) => {
    town.tell(attack, () => {
      const workload = random.pick([...town.workloads.values()].filter(({ plan, pods }) => plan.name.endsWith('-web') && pods.length > 0));
      const [pod] = workload.pods;
      if (pod === undefined) return;
      const by: Identity = accountOf(pod, 'curl/8.5.0');
      const review = { kind: 'SelfSubjectRulesReview', apiVersion: 'authorization.k8s.io/v1', spec: { namespace: pod.shape.namespace } };
      const target = grouped('authorization.k8s.io', 'selfsubjectrulesreviews');
      const asked: ApiRequest = { by, at: now, verb: 'create', target, sent: review, answered: review };
      deed(town, attack, 'asks what its token may do', now, town.request(asked));
      const tried = doors(town.plan.teams.map(({ name }) => name)).map((door, index): ApiRequest => ({
        by,
        at: now + (40 + index * 11) * second,
        verb: door.name === undefined ? 'list' : 'get',
        target: door,
        code: 403,
      }));
      deed(
        town,
        attack,
        'tries doors that stay closed',
        now + 40 * second,
        tried.flatMap((request) => [...town.request(request)]),
      );
    });
  });
}
