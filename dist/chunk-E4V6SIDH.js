import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a,b,c,d}from"./chunk-ULW2LICX.js";import"./chunk-PU7YU3F2.js";import"./chunk-XA4VNDAE.js";import"./chunk-HGGJYXTA.js";import"./chunk-4QJNW3E7.js";import"./chunk-DNRHPM7E.js";import"./chunk-A6KIGTR5.js";export{c as describeTaskDefinition,d as isReturn,b as readReleases,a as versionOf};
