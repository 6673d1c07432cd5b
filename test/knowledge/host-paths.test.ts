import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostPath, hostPathDanger, isRuntimeSocket } from '../../shared/knowledge/host-paths.ts';

describe('paths of the node', () => {
  it.each([
    ['/', 'high'],
    ['//', 'high'],
    ['/etc/', 'high'],
    ['/var/lib', 'high'],
    ['/var/lib/kubelet/pods/a/b', 'high'],
    ['/mnt/../root/.ssh', 'high'],
    ['/proc/1/root/etc', 'high'],
    ['/home/ec2-user', 'high'],
    ['/var/log/pods', 'medium'],
    ['C:\\', 'high'],
    ['/run', 'high'],
  ])('%s is dangerous', (path, severity) => {
    expect(hostPathDanger(path, false)?.severity).toBe(severity);
  });

  it.each(['/data', '/mnt/etc', '/var/data', '/opt/application', '/etcetera', '/run/application'])('%s is not', (path) => {
    expect(hostPathDanger(path, false)).toBeUndefined();
  });

  it('are milder read-only, except where reading is the danger', () => {
    expect(hostPathDanger('/etc/localtime', true)).toBeUndefined();
    expect(hostPathDanger('/sys', true)?.severity).toBe('low');
    expect(hostPathDanger('/var/lib/kubelet', true)?.severity).toBe('high');
    expect(hostPathDanger('/', true)?.severity).toBe('high');
  });

  it('mean the same however they are spelled', () => {
    const path = fc.array(fc.constantFrom('etc', 'var', 'lib', 'kubelet', 'run', 'data', 'containerd', 'containerd.sock'), {
      maxLength: 5,
    });
    const noise = fc.constantFrom('/', '/./', '//', '/x/../');
    fc.assert(
      fc.property(path, noise, (components, between) => {
        const plain = `/${components.join('/')}`;
        const spelled = `/${components.join(between)}/`;
        expect(hostPath(spelled)).toBe(hostPath(plain));
        expect(hostPathDanger(spelled, true)).toEqual(hostPathDanger(plain, true));
        expect(isRuntimeSocket(spelled)).toBe(isRuntimeSocket(plain));
      }),
    );
  });

  it('are never safer above than below', () => {
    const places = ['/var/lib/kubelet/pods', '/etc/kubernetes/manifests', '/run/systemd/private', '/opt/cni/bin', '/home/user/.ssh'];
    for (const place of places) {
      for (let above = place; above !== ''; above = above.slice(0, above.lastIndexOf('/')))
        expect(hostPathDanger(above, false)?.severity).toBe('high');
    }
  });
});

describe('sockets of the container runtime', () => {
  it.each([
    '/var/run/docker.sock',
    '/run/containerd/containerd.sock',
    '/run//containerd/',
    '/run/host-containerd/host-containerd.sock',
    '/mnt/../var/run/crio/crio.sock',
    '/proc/1/root/run/containerd',
  ])('%s is one', (path) => {
    expect(isRuntimeSocket(path)).toBe(true);
  });
  it.each(['/run', '/var/run/app.sock', '/data/docker.sock.txt', '/run/containerdish'])('%s is none', (path) => {
    expect(isRuntimeSocket(path)).toBe(false);
  });
});
