import type { ImageTagMutability, ImageTagMutabilityExclusionFilter, Repository } from '@aws-sdk/client-ecr';
import { invalidParameter } from './repositories.ts';

const MOST_FILTERS = 5;
const MOST_WILDCARDS = 2;
const FILTER = /^[0-9a-zA-Z._*-]{1,128}$/;

export type Mutability = Pick<Repository, 'imageTagMutability' | 'imageTagMutabilityExclusionFilters'>;

/** The setting that a call asks for. Throws ECR's error for filters that the setting does not have. */
export function mutability(
  imageTagMutability: ImageTagMutability = 'MUTABLE',
  filters: readonly ImageTagMutabilityExclusionFilter[] = [],
): Mutability {
  const hasFilters = imageTagMutability.endsWith('_WITH_EXCLUSION');
  const isValid = hasFilters
    ? filters.length > 0 && filters.length <= MOST_FILTERS && filters.every(({ filter = '' }) => fits(filter))
    : filters.length === 0;
  if (!isValid) {
    throw invalidParameter(
      'imageTagMutabilityExclusionFilters',
      `${imageTagMutability} has ${hasFilters ? `1 to ${MOST_FILTERS} filters with at most ${MOST_WILDCARDS} wildcards each` : 'no filters'}`,
    );
  }
  return {
    imageTagMutability,
    imageTagMutabilityExclusionFilters: hasFilters ? [...filters] : undefined,
  };
}

/** Whether a tag of the repository stays at its image. */
export function isImmutable(repository: Mutability, tag: string): boolean {
  const { imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters: filters = [] } = repository;
  const isExcluded = filters.some(({ filter = '' }) => matches(filter, tag));
  return imageTagMutability.startsWith('IMMUTABLE') !== isExcluded;
}

function fits(filter: string): boolean {
  return FILTER.test(filter) && filter.split('*').length - 1 <= MOST_WILDCARDS;
}

function matches(filter: string, tag: string): boolean {
  const parts = filter.split('*').map((part) => part.replaceAll('.', String.raw`\.`));
  return new RegExp(`^${parts.join('.*')}$`).test(tag);
}
