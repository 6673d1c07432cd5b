import { unknowable } from '../../knowledge/unknowable.ts';
import type { Alert } from '../../triage/alert.ts';
import { type Facts, factsOf } from './facts.ts';
import { linksFor } from './links.ts';
import { type Playbook, playbookFor } from './playbooks.ts';
import { region } from './search.ts';
import { sh } from './shell.ts';
import { phases, type Response, type Step } from './step.ts';

/** How to go on from an alert: steps filled in for this very case, pages to look at, and what no log will tell. It does none of it. */
export function responseTo(alert: Alert): Response {
  const { strategy, source, who = {} } = alert.speaker;
  // The product's own notices are no findings of a strategy, and nothing to respond to.
  if (strategy === '') return { steps: [], links: [], unknowns: [] };
  const facts = factsOf(alert);
  return { steps: stepsOf(playbookFor(facts), facts), links: linksFor(facts), unknowns: unknowable(strategy, source, who) };
}

function stepsOf({ makers, rootCause }: Playbook, facts: Facts): Step[] {
  const steps = makers.map((make) => make(facts)).filter((step) => step !== undefined);
  const all = [...steps, ...missing(steps, facts), { phase: 'root-cause' as const, text: rootCause }, reportStep(facts)];
  return phases.flatMap((phase) => distinct(all.filter((step) => step.phase === phase)));
}

/** Two makers may come to the same step, in other words. */
function distinct(steps: readonly Step[]): Step[] {
  return steps.filter((step, index) => steps.findIndex((other) => isSame(other, step)) === index);
}

function isSame(one: Step, other: Step): boolean {
  return one.text === other.text || (one.commands !== undefined && one.commands.join('\n') === other.commands?.join('\n'));
}

/** Nobody is left without a way to stop it, or without anything to look at. */
function missing(steps: readonly Step[], { cluster, ...facts }: Facts): Step[] {
  const has = (...wanted: Step['phase'][]): boolean => steps.some(({ phase }) => wanted.includes(phase));
  const added: Step[] = [];
  if (!has('contain', 'revoke'))
    added.push({
      phase: 'contain',
      text: 'The log names nothing that could be isolated or revoked: find the credential or the pod in the record first.',
    });
  if (!has('investigate'))
    added.push({
      phase: 'investigate',
      text: 'See which other alerts and changes there were in the cluster around that time.',
      commands: [
        sh`aws eks describe-cluster${region({ cluster, ...facts })} --name ${cluster}`,
        'kubectl get pods -A -o wide --sort-by=.metadata.creationTimestamp',
      ],
    });
  return added;
}

function reportStep({ id }: Facts): Step {
  // An id may look like an option.
  const dashes = { words: id.startsWith('-') ? '-- ' : '' };
  return {
    phase: 'report',
    text: 'Write down what was found and decided, tell who answers for the cluster and its data, and close the alert: as benign it teaches, as malicious it makes forget.',
    commands: [
      sh`npm run --silent report -- ${dashes}${id}`,
      sh`npm run --silent close -- --malicious --reason ${{ lookUp: 'REASON' }} ${dashes}${id}`,
    ],
  };
}
