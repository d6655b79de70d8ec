// Loaded on demand. The bundle has only these members of the package.
export { NormalizedSchema } from '@smithy/core/schema';
