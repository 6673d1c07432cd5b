import { describe, expect, it } from 'vitest';
import { hostAccessesOf } from '../../shared/knowledge/host-access.ts';
import { isAgentContainer } from '../../shared/knowledge/node-agents.ts';
import { podSpecOf } from '../../shared/model/pod-spec.ts';

function access(spec: unknown): readonly string[] {
  const pod = podSpecOf('pods', { spec });
  return pod === undefined ? [] : hostAccessesOf(pod, pod.containers).map(({ kind, severity }) => `${kind} ${severity}`);
}

const guilty = { name: 'b', image: 'x', securityContext: { privileged: true }, volumeMounts: [{ name: 'v', mountPath: '/host' }] };
const volume = { name: 'v', hostPath: { path: '/etc' } };

describe('access of a pod to its node', () => {
  it.each([null, 7, 'text', [], {}, { securityContext: null }, { securityContext: 'x', volumeMounts: 'x' }, { name: null, image: {} }])(
    'is seen beside the odd neighbour %j',
    (odd) => {
      expect(access({ containers: [odd, guilty], volumes: [odd, volume] })).toEqual(['privileged high', 'host-path high']);
      expect(access({ containers: null, initContainers: [odd, guilty], volumes: [null, volume] })).toEqual([
        'privileged high',
        'host-path high',
      ]);
    },
  );

  it('takes only what the API server takes for true', () => {
    expect(access({ containers: [{ securityContext: { privileged: 'true' } }], hostNetwork: 'true', hostPID: 1, hostIPC: null })).toEqual(
      [],
    );
    expect(access({ containers: [], hostNetwork: true, hostPID: true, hostIPC: true })).toEqual([
      'host-network medium',
      'host-pid medium',
      'host-ipc medium',
    ]);
  });

  it('counts HostProcess containers of Windows, also by inheritance', () => {
    expect(access({ securityContext: { windowsOptions: { hostProcess: true } }, containers: [{ name: 'a' }] })).toEqual([
      'privileged high',
    ]);
  });

  it('is read-only where every mount is', () => {
    const log = [{ name: 'v', hostPath: { path: '/var/log' } }];
    const mount = (readOnly: unknown) => ({ volumeMounts: [{ name: 'v', readOnly }] });
    expect(access({ containers: [mount(true)], volumes: log })).toEqual(['host-path low']);
    expect(access({ containers: [mount(true), mount(false)], volumes: log })).toEqual(['host-path medium']);
    expect(access({ containers: [{}], volumes: log })).toEqual(['host-path medium']);
  });

  it('of a debug container is what it brings itself', () => {
    const pod = podSpecOf('pods', {
      spec: { hostNetwork: true, containers: [guilty], volumes: [volume], ephemeralContainers: [{ name: 'd', image: 'x' }] },
    });
    const debug = pod?.containers.filter(({ role }) => role === 'ephemeral') ?? [];
    expect(pod && hostAccessesOf(pod, debug)).toEqual([]);
  });
});

describe('node agents of AWS', () => {
  const container = (image: string, command: string[] = [], raw = {}) => ({ role: 'container' as const, name: 'a', image, command, raw });
  const registry = '602401143452.dkr.ecr.eu-central-1.amazonaws.com';

  it('are known by registry account, repository and command', () => {
    expect(isAgentContainer(container(`${registry}/amazon-k8s-cni:v1.20.1`))).toBe(true);
    expect(isAgentContainer(container(`${registry}/eks/kube-proxy:v1.33.0`, ['kube-proxy', '--v=2']))).toBe(true);
    expect(isAgentContainer(container(`${registry}/amazon-k8s-cni:v1.20.1`, ['/bin/bash', '-c', 'id']))).toBe(false);
    expect(isAgentContainer(container(`${registry}/eks/coredns:v1.12`))).toBe(false);
    expect(isAgentContainer(container('111122223333.dkr.ecr.eu-central-1.amazonaws.com/amazon-k8s-cni:v1'))).toBe(false);
    expect(isAgentContainer(container(`evil.example/${registry}/amazon-k8s-cni:v1`))).toBe(false);
    expect(
      isAgentContainer(
        container(`${registry}/amazon-k8s-cni:v1`, [], { lifecycle: { postStart: { exec: { command: ['sh', '-c', 'id'] } } } }),
      ),
    ).toBe(false);
  });
});
