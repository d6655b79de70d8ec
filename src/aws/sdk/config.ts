// Loaded on demand. The bundle has only these members of the package.
export { loadSharedConfigFiles } from '@smithy/core/config';
