// Jest transform that blanks out types, as Node 24 does. Line and column numbers stay the same.
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
