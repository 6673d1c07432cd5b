import { describe, expect, it } from 'vitest';
import { imageReference } from '../../shared/knowledge/image.ts';

describe('image references', () => {
  it.each([
    ['nginx', 'docker.io/library', 'docker.io/library/nginx', 'latest'],
    ['nginx:1.27', 'docker.io/library', 'docker.io/library/nginx', '1.27'],
    ['index.docker.io/library/nginx', 'docker.io/library', 'docker.io/library/nginx', 'latest'],
    ['someone/tool', 'docker.io/someone', 'docker.io/someone/tool', 'latest'],
    ['GHCR.io/org/tool:v1', 'ghcr.io/org', 'ghcr.io/org/tool', 'v1'],
    ['localhost:5000/tool', 'localhost:5000', 'localhost:5000/tool', 'latest'],
    ['registry.example.org:5000/a/b:2', 'registry.example.org:5000', 'registry.example.org:5000/a/b', '2'],
    [
      '111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop/api:1.42.0',
      '111122223333.dkr.ecr.eu-central-1.amazonaws.com',
      '111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop/api',
      '1.42.0',
    ],
    ['public.ecr.aws/a1b2c3/tool', 'public.ecr.aws/a1b2c3', 'public.ecr.aws/a1b2c3/tool', 'latest'],
    ['nginx:1.27@sha256:abc', 'docker.io/library', 'docker.io/library/nginx', 'sha256:abc'],
  ])('%s', (image, publisher, repository, version) => {
    expect(imageReference(image)).toMatchObject({ publisher, repository, version });
  });
});
