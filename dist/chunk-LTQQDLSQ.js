import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a}from"./chunk-6S4TXCEW.js";import"./chunk-XWPBUZIS.js";import"./chunk-MWZKMMEM.js";import"./chunk-45MQRDB2.js";import"./chunk-DNRHPM7E.js";import"./chunk-A6KIGTR5.js";export{a as rollOut};
