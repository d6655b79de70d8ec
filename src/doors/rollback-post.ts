import { completeRollback } from '../action/complete-rollback.ts';

await completeRollback(process.env);
