// Jest runs the same TypeScript that Node 24 runs: types are blanked out, positions stay.
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
