import { describe, expect, it } from 'vitest';
import { imageBook } from '../../shared/model/images.ts';

const own = '111122223333.dkr.ecr.eu-central-1.amazonaws.com';

describe('a list of allowed images', () => {
  it.each([
    ['docker.io/library/nginx', 'docker.io/library/nginx', true],
    ['docker.io/library/nginx', 'docker.io/library/nginx-exporter', false],
    ['docker.io/library/*', 'docker.io/library/nginx', true],
    ['docker.io/library/*', 'docker.io/library/a/b', false],
    [`${own}/**`, `${own}/shop/api`, true],
    [`${own}/**`, own, false],
    [`${own}/**`, `${own}.example/shop/api`, false],
    [`${own}/**`, `${own.replaceAll('.', '-')}/shop/api`, false],
    ['602401143452.dkr.ecr.*.amazonaws.com/eks/*', '602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/coredns', true],
    ['602401143452.dkr.ecr.*.amazonaws.com/eks/*', '602401143452.dkr.ecr.x.example/y.amazonaws.com/eks/coredns', false],
    ['602401143452.dkr.ecr.*.amazonaws.com/eks/*', '602401143452.dkr.ecr.a.b.amazonaws.com/eks/coredns', false],
    ['registry.example:5000/team-*/**', 'registry.example:5000/team-a/b/c', true],
    ['ghcr.io/a.b/c', 'ghcr.io/axb/c', false],
  ])('%s: %s %s', (allowed, repository, is) => {
    expect(imageBook({ allowed: [allowed] }).allows(repository)).toBe(is);
  });
});
