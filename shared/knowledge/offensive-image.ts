import type { Container } from '../model/pod-spec.ts';
import { type AttackTool, attackToolNamed } from './attack-tools.ts';
import { imageReference } from './image.ts';
import { containerText, type PodTrait } from './pod-trait.ts';
import { shorten } from './shorten.ts';

const arsenal = { does: 'is a collection of tools for attacking', severity: 'high' } as const;
const miner = { does: 'mines cryptocurrency', severity: 'high' } as const;
const intruder = { does: 'attacks containers and clusters from inside', severity: 'high' } as const;

/**
 * Names in a repository's path that no command has: distributions for attacking, and what miners are called. Sources:
 * the projects' pages on Docker Hub; Unit 42 on cryptojacking images.
 */
const imageNames: ReadonlyMap<string, Omit<AttackTool, 'name'>> = new Map<string, Omit<AttackTool, 'name'>>([
  ...['kali', 'kalilinux', 'parrotsec', 'blackarch', 'blackarchlinux', 'metasploit', 'metasploitframework'].map(
    (name) => [name, arsenal] as const,
  ),
  ...['monero', 'xmr', 'minergate', 'cryptonight', 'randomx', 'nicehash', 'cryptominer'].map((name) => [name, miner] as const),
]);

/** Repositories whose names say nothing, reported as carriers of attacks. Sources: Trend Micro and Aqua Security on TeamTNT. */
const imageRepositories: ReadonlyMap<string, Omit<AttackTool, 'name'>> = new Map<string, Omit<AttackTool, 'name'>>([
  ['docker.io/pocosow/centos', miner],
  ['docker.io/alpineos/dockerapi', intruder],
]);

/** What an image is known to be for, by the names in its repository; anybody can name an image otherwise. */
export function offensiveImage(image: string): AttackTool | undefined {
  const { repository } = imageReference(image.toLowerCase());
  const listed = imageRepositories.get(repository);
  if (listed !== undefined) return { name: repository, ...listed };
  const [, ...path] = repository.split('/');
  let mild: AttackTool | undefined;
  for (const component of path) {
    for (const word of [component, ...component.split(/[-_.]+/)]) {
      const own = imageNames.get(word);
      const tool = own === undefined ? attackToolNamed(word) : { name: word, ...own };
      if (tool?.severity === 'high') return tool;
      mild ??= tool;
    }
  }
  return mild;
}

/** Containers that run images made for attacking. */
export function imageTraits(containers: readonly Container[]): readonly PodTrait[] {
  return containers.flatMap((container) => {
    const tool = offensiveImage(container.image);
    if (tool === undefined) return [];
    return [
      {
        kind: 'offensive-image',
        id: `image ${container.role} ${container.name} ${tool.name}`,
        severity: tool.severity,
        words: `image ${shorten(container.image)} in ${containerText(container)}, known by the name ${tool.name}, which ${tool.does}`,
      },
    ];
  });
}
