import type { Severity } from '../../shared/model/finding.ts';
import { Random } from '../simulation/random.ts';
import type { Attack } from './attack.ts';
import { attacks } from './attacks.ts';
import { type Arrivals, type Disguise, disguises, linesOf } from './disguises.ts';
import { type Story, storiesOf } from './records.ts';

/** One attack in one form, sent and delivered in one way. */
export interface Variant {
  readonly attack: Attack;
  /** `attack / form` or `attack / form, disguise`. */
  readonly name: string;
  /** What it varies, for counting. */
  readonly kind: string;
  readonly learnt: readonly string[];
  readonly arrivals: Arrivals;
  /** A finding below this would be a miss. */
  readonly least: Severity;
  /** Detections whose finding will do though they name other rows. */
  readonly accepts: readonly string[];
}

const seed = 'evasion';
/** Forms whose disguises are drawn: every form in every disguise would take minutes and tell little more. */
const drawnShare = 0.4;

/** Every form of an attack as it is, its base form in every disguise, and some of the other forms in one disguise by lot. */
function variantsOf(attack: Attack): Variant[] {
  const random = new Random(`${seed}/${attack.id}`);
  const stories = storiesOf(attack, random).filter(({ name }) => fits(attack, name));
  const plain = stories.map((story) => variantOf(attack, story, undefined, random));
  const [base, ...others] = stories;
  const dressed = base === undefined ? [] : disguises.map((disguise) => variantOf(attack, base, disguise, random));
  const drawn = others
    .filter(() => random.chance(drawnShare))
    .map((story) => {
      const possible = random.shuffled(disguises.filter((disguise) => suits(attack, story, disguise)));
      for (const disguise of possible) {
        const variant = variantOf(attack, story, disguise, random);
        if (variant !== undefined) return variant;
      }
      return undefined;
    });
  return [...plain, ...dressed, ...drawn].filter((variant) => variant !== undefined);
}

function variantOf(attack: Attack, story: Story, disguise: Disguise | undefined, random: Random): Variant | undefined {
  if (disguise !== undefined && !suits(attack, story, disguise)) return undefined;
  const arrivals = disguise === undefined ? [linesOf(story.attack)] : disguise.apply(story.attack, random);
  if (arrivals === undefined) return undefined;
  return {
    attack,
    name: `${attack.id} / ${story.name}${disguise === undefined ? '' : `, ${disguise.name}`}`,
    kind: disguise === undefined ? 'form' : kindOf(disguise.name),
    learnt: linesOf(story.before),
    arrivals,
    least: disguise?.least ?? attack.least ?? 'low',
    accepts: disguise?.accepts ?? [],
  };
}

function suits(attack: Attack, story: Story, disguise: Disguise): boolean {
  return (disguise.log === 'any' || disguise.log === story.log) && fits(attack, disguise.name);
}

function fits({ unfit = [] }: Attack, name: string): boolean {
  return !unfit.some((part) => name.includes(part));
}

/** The first words of a disguise's name stand for its kind. */
const kinds = [
  'agent of',
  'forwarded for',
  'impersonating',
  'odd',
  'id',
  'answer',
  'start alone',
  'cut',
  'long',
  'times',
  'spaces',
  'fields',
  'called',
  'refused',
  'delivered',
  'no agent',
];

function kindOf(name: string): string {
  const kind = kinds.find((each) => name.startsWith(each));
  return kind === undefined ? 'record' : kind === 'no agent' ? 'agent of' : kind;
}

/** All variants of all attacks. */
export const variants: readonly Variant[] = attacks.flatMap(variantsOf);
