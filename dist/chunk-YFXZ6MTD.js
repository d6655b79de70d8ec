import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a,b}from"./chunk-5LARIFDQ.js";import"./chunk-4BBPONP2.js";import"./chunk-GIS6O6V2.js";import"./chunk-YOTCNBZU.js";import"./chunk-DNRHPM7E.js";import"./chunk-A6KIGTR5.js";export{b as buildImage,a as chooseImage};
