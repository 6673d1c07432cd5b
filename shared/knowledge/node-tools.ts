import { type AttackTool, attackToolIn, attackToolNamed } from './attack-tools.ts';

/**
 * What nodes do to themselves: network plugins and kubelets load modules, enter namespaces, mount disks and command the
 * container runtime. In a container that is an attack, on a node it is every minute.
 */
const everyday: ReadonlySet<string> = new Set([
  'steps out of the container into the node',
  'commands the container runtime',
  'opens the disk of the node',
  'opens the disk or cgroups of the node',
  'runs a program on the node when a cgroup empties',
  'runs a program on the node in the name of the kernel',
  'reads the root directory of another process',
]);

/** The tool that a command run on a node is or brings, unless nodes use it themselves. */
export function attackToolOnNode(command: string): AttackTool | undefined {
  const text = command.toLowerCase();
  const gravest = attackToolIn(text);
  if (gravest !== undefined && !everyday.has(gravest.does)) return gravest;
  // Behind `nsenter -t 1 -m` stands what is run there.
  for (const word of text.split(/[\s"'<>;&|=,()]+/)) {
    const tool = attackToolNamed(word.slice(word.lastIndexOf('/') + 1));
    if (tool !== undefined && !everyday.has(tool.does)) return tool;
  }
  return undefined;
}
