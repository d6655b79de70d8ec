import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{g as n}from"./chunk-YKSBY2AB.js";import{n as o}from"./chunk-DKRC7M7V.js";import{mkdirSync as p,writeFileSync as m}from"node:fs";import{dirname as y}from"node:path";function s(e,r){let t=o(e);p(y(r.summaryFile),{recursive:!0}),m(r.summaryFile,t);let i=n(e);return i!==null&&m(r.recordingFile,`${JSON.stringify(i)}
`),t}export{s as a};
