import { complete } from '../action/complete.ts';

await complete(process.env);
