import Docker from 'dockerode';
import { baseImage } from './base-image.ts';

console.log(await baseImage(new Docker()));
