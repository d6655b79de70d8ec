import { completeRollback } from './action/post-rollback.ts';

await completeRollback(process.env);
