import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a}from"./chunk-RMNUHING.js";import"./chunk-XWPBUZIS.js";import"./chunk-MWZKMMEM.js";import"./chunk-UAH5ZERD.js";import"./chunk-DNRHPM7E.js";import"./chunk-A6KIGTR5.js";export{a as rollOut};
