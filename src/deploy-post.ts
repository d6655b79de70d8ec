import { finishServices } from './action/post-deploy.ts';

await finishServices(process.env);
