import { expect, test } from '@jest/globals';
import type { Source } from '../../../../src/core/request.ts';
import {
  NOT_KNOWN,
  provenanceOf,
  provenanceTags,
  withProvenance,
} from '../../../../src/aws/ecs/provenance.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

const SOURCE: Source = {
  commit: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
  repositoryUrl: 'https://github.com/shop/web',
  committedAt: '2026-11-21T12:00:00Z',
  runUrl: 'https://github.com/shop/web/actions/runs/17',
  actor: 'dependabot[bot]',
  count: { workflow: 'shop/web/.github/workflows/deploy.yml', number: 812 },
};
const tagsOf = (source: Partial<Source>) => provenanceTags({ ...SOURCE, ...source }, rolloutRequest());

test('what is written into tags is read back, in characters that AWS takes', () => {
  const tags = tagsOf({});
  for (const { value } of tags) expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
  expect(provenanceOf([{ key: 'team', value: 'shop' }, ...tags])).toEqual({
    commit: SOURCE.commit,
    repository: SOURCE.repositoryUrl,
    run: SOURCE.runUrl,
    workflow: 'shop/web/.github/workflows/deploy.yml',
    runNumber: 812,
    actor: 'dependabot bot',
    rollout: 'steps=10/30/60/90/100 bake-time=5m step-timeout=30m keep-old=10m',
    returnTo: null,
  });
});

test('what is not known, too long or not to be written in a tag is left out whole', () => {
  const tags = tagsOf({
    commit: null,
    repositoryUrl: `https://${'x'.repeat(256)}`,
    runUrl: 'https://ci/?run=1',
    count: { workflow: 'shop/web/.github/workflows/déploy (1).yml', number: 1 },
  });
  expect(tags.map(({ key }) => key)).toEqual(['ecs-ramp:actor', 'ecs-ramp:rollout', 'ecs-ramp:run-number']);
  expect(provenanceOf([])).toEqual(NOT_KNOWN);
  expect(provenanceOf([{ key: 'ecs-ramp:run-number', value: 'many' }])).toEqual(NOT_KNOWN);
});

test('the user’s tags come first where there is not room for all', () => {
  const own = Array.from({ length: 48 }, (_, index) => ({ key: `own-${index}`, value: '' }));
  const tags = withProvenance(own, tagsOf({}));
  expect(tags).toHaveLength(50);
  expect(tags.slice(0, 48)).toEqual(own);
});
