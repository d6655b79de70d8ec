// Loaded on demand. The bundle has only these members of the package.
export { getSmithyContext } from '@smithy/core/transport';
