import { finishServices } from '../action/finish-services.ts';

await finishServices(process.env);
