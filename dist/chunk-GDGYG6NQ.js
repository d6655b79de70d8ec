import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a as b,b as c,c as d,d as e,e as f}from"./chunk-4BBPONP2.js";import{a}from"./chunk-GIS6O6V2.js";import"./chunk-YOTCNBZU.js";import"./chunk-DNRHPM7E.js";import"./chunk-A6KIGTR5.js";export{b as BuildFailed,a as ImageProblem,c as connectDocker,e as pin,f as prepareImage,d as registryFor};
