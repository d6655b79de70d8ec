import { complete } from './action/post.ts';

await complete(process.env);
