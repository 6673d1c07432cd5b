import { type Micros, hour, minute, second } from '../simulation/clock.ts';
import type { JsonObject } from '../simulation/go-json.ts';
import { roleIdentity } from '../simulation/identity.ts';
import { registry } from '../simulation/population.ts';
import { launch, rollOut } from '../simulation/rollout.ts';
import { core, grouped } from '../simulation/target.ts';
import { Workload } from '../simulation/workload.ts';
import { buildStorm, delivererOf, jobOf, nextImage, releasable, release } from './ci.ts';
import { type Person, enterPod } from './people.ts';
import { type TeamPlan, capital, newWorkloads, newcomers } from './population.ts';
import type { Town } from './town.ts';
import { bindingBody, rbac, write } from './writing.ts';

/** Two days before a launch: many releases, new services, new images, and some by hand because it must be quick. */
export function planSprint(town: Town, people: readonly Person[], midnight: Micros): void {
  const { random, timeline } = town;
  const sometime = (action: (now: Micros) => void): void => {
    timeline.at(midnight + (7.5 + random.next() * 12) * hour, (now) => {
      town.tell('deployment sprint', () => {
        action(now);
      });
    });
  };
  for (const team of town.plan.teams) {
    for (let count = 0; count < random.int(5, 12); count++) {
      sometime((now) => {
        const workload = random.pick(releasable(town, team.name));
        release(town, team, workload, nextImage(workload), now);
      });
    }
    if (random.chance(0.6)) {
      sometime((now) => {
        newService(town, team, now);
      });
    }
    if (random.chance(0.3)) {
      sometime((now) => {
        const workload = random.pick(releasable(town, team.name));
        release(town, team, workload, `${registry}/${team.name}/${workload.plan.name}-next:0.1.0`, now);
      });
    }
    const colleague = people.find(({ plan }) => plan.team === team.name);
    if (colleague !== undefined && random.chance(0.35)) {
      sometime((now) => {
        const workload = random.pick(releasable(town, team.name));
        rollOut(town, workload, nextImage(workload), { by: colleague.identity, style: 'set-image' }, now);
      });
    }
  }
  sometime((now) => {
    buildStorm(town, now, 60);
  });
}

/** A service that was not there before, as its team's chart brings it. */
function newService(town: Town, team: TeamPlan, at: Micros): void {
  const { random } = town;
  const name = `${team.name}-${random.pick(['promo', 'checkout', 'stream', 'alerts', 'labels'])}-${random.suffix(3)}`;
  const plan = { namespace: team.name, name, replicas: 2, port: 8080, image: `${registry}/${team.name}/${name}`, tag: '0.1.0', env: 4 };
  const by = delivererOf(town, team);
  const object = { spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] } };
  write(town, { by, at, verb: 'create', target: core('serviceaccounts', team.name, name) });
  write(town, { by, at: at + second, verb: 'create', target: core('configmaps', team.name, `${name}-config`) });
  write(town, { by, at: at + 2 * second, verb: 'create', target: core('services', team.name, name), object });
  launch(town, new Workload(plan, random), { by, style: 'apply' }, at + 3 * second);
  const budget = grouped('policy', 'poddisruptionbudgets', team.name, name);
  write(town, { by, at: at + 4 * second, verb: 'create', target: budget, object: { spec: { maxUnavailable: 1 } } });
  if (random.chance(0.4)) {
    const ingress = grouped('networking.k8s.io', 'ingresses', team.name, name);
    const host = `${name}.example.com`;
    const path = { path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } };
    const spec = {
      ingressClassName: 'nginx',
      tls: [{ hosts: [host], secretName: `${name}-tls` }],
      rules: [{ host, http: { paths: [path] } }],
    };
    write(town, { by, at: at + 5 * second, verb: 'create', target: ingress, object: { spec } });
  }
}

const teamRules: JsonObject = {
  rules: [
    {
      apiGroups: ['', 'apps', 'batch'],
      resources: ['pods', 'pods/log', 'deployments', 'jobs', 'configmaps'],
      verbs: ['get', 'list', 'watch'],
    },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'update', 'patch'] },
  ],
};

/** The platform team makes room for a new team: namespace, roles, limits, an access entry; then the team arrives. */
export function planNewTeam(town: Town, platform: Person, midnight: Micros, join: (people: ReturnType<typeof newcomers>) => void): void {
  const team = `team-${town.random.suffix(4)}`;
  town.timeline.at(midnight + (8 + town.random.next() * 2) * hour, (now) => {
    town.tell('new team', () => {
      makeRoom(town, platform, team, now);
      join(newcomers(team, 3, town.random));
      const plan: TeamPlan = { name: team, delivery: 'helm', hostedRunners: false };
      newWorkloads(team, town.random).forEach((workload, index) => {
        town.timeline.at(now + (2 + index) * hour, (later) => {
          const by = jobOf(town, plan);
          write(town, { by, at: later, verb: 'create', target: core('serviceaccounts', team, workload.name) });
          launch(town, new Workload(workload, town.random), { by, style: 'apply' }, later + second);
        });
      });
    });
  });
}

function makeRoom(town: Town, platform: Person, team: string, at: Micros): void {
  const by = platform.identity;
  const manager = 'kubectl-client-side-apply';
  const labels = { 'pod-security.kubernetes.io/enforce': 'baseline', team };
  write(town, { by, at, verb: 'create', target: core('namespaces', team, team), labels, manager });
  const quota = { spec: { hard: { 'limits.cpu': '20', 'limits.memory': '40Gi', pods: '60' } } };
  write(town, { by, at: at + 2 * second, verb: 'create', target: core('resourcequotas', team, 'compute'), object: quota, manager });
  const limits = { spec: { limits: [{ type: 'Container', default: { cpu: '500m', memory: '512Mi' } }] } };
  write(town, { by, at: at + 3 * second, verb: 'create', target: core('limitranges', team, 'defaults'), object: limits, manager });
  const policy = { spec: { podSelector: {}, policyTypes: ['Ingress'] } };
  const policies = grouped('networking.k8s.io', 'networkpolicies', team, 'default-deny');
  write(town, { by, at: at + 4 * second, verb: 'create', target: policies, object: policy, manager });
  write(town, { by, at: at + 5 * second, verb: 'create', target: rbac('roles', team, 'developer'), object: teamRules, manager });
  const developers = bindingBody('developer', { group: `town:${team}` });
  write(town, { by, at: at + 6 * second, verb: 'create', target: rbac('rolebindings', team, 'developers'), object: developers, manager });
  const deployers = bindingBody('cluster:edit', { group: `town:${team}-deploy` });
  write(town, { by, at: at + 7 * second, verb: 'create', target: rbac('rolebindings', team, 'deployers'), object: deployers, manager });
  const account = core('serviceaccounts', team, 'app');
  const annotations = { 'eks.amazonaws.com/role-arn': `arn:aws:iam::111122223333:role/${capital(team)}App` };
  write(town, { by, at: at + 8 * second, verb: 'create', target: account, annotations, manager });
  accessEntry(town, platform, team, at + minute);
}

/** The IAM roles of the team get their way in. */
function accessEntry(town: Town, platform: Person, team: string, at: Micros): void {
  const { aws, address } = platform.identity;
  if (aws === undefined) return;
  for (const [index, role] of [`${capital(team)}Developer`, `${capital(team)}Deploy`].entries()) {
    const parameters = {
      name: 'town',
      principalArn: `arn:aws:iam::111122223333:role/${role}`,
      kubernetesGroups: [`town:${team}`],
      type: 'STANDARD',
    };
    const agent = 'aws-cli/2.22.35';
    town.call({ by: aws, at: at + index * second, service: 'eks', name: 'CreateAccessEntry', address, agent, parameters });
  }
}

/** Something is broken, and its developers look for it all day. */
export function planDebugging(town: Town, people: readonly Person[], midnight: Micros): void {
  const { random } = town;
  const team = random.pick(town.plan.teams).name;
  for (const person of people.filter(({ plan }) => plan.team === team)) {
    for (let count = 0; count < random.int(6, 14); count++) {
      const at = midnight + (9 - person.plan.zone + random.next() * 8) * hour;
      town.timeline.at(at, (now) => {
        town.tell('debugging day', () => {
          enterPod(town, person.identity, now, random.pick(['look', 'shell', 'forward', 'look']));
        });
      });
    }
  }
}

/** All credentials of some teams are made anew, and what uses them restarts. */
export function planRotation(town: Town, midnight: Micros): void {
  const { random } = town;
  const affected = new Set(
    random
      .shuffled(town.plan.teams)
      .slice(0, 4)
      .map(({ name }) => name),
  );
  for (const workload of town.workloads.values()) {
    if (!affected.has(workload.plan.namespace)) continue;
    town.timeline.at(midnight + 9 * hour + random.int(0, 90) * minute, (now) => {
      town.tell('secret rotation', () => {
        const by = town.workload('external-secrets/external-secrets').identity;
        const reloader = town.workload('reloader/reloader').identity;
        if (by === undefined || reloader === undefined) return;
        const target = core('secrets', workload.plan.namespace, `${workload.plan.name}-credentials`);
        write(town, { by, at: now, verb: 'update', target, manager: 'external-secrets' });
        rollOut(town, workload, workload.image, { by: reloader, style: 'apply' }, now + 10 * second);
      });
    });
  }
}

/** The role that manages what the platform team brings through its pipeline. */
export function platformPipeline(town: Town): ReturnType<typeof roleIdentity> {
  const session = `gitlab-${String(town.random.int(1_000_000, 9_999_999))}`;
  const address = `10.20.4.${String(town.random.int(10, 200))}`;
  return roleIdentity('pipeline', { role: 'PlatformDeploy', session, address, agent: 'Helm/3.17.1', group: 'town:platform-deploy' });
}
