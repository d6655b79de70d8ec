import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{m as n,n as o,w as f}from"./chunk-2GS6ZNB4.js";function c(r){return r.status!=="SUCCESSFUL"&&f(r.deploymentConfiguration)?o(r):n(r,null)}function m({split:r,percent:i,stage:t}){return r==="rolling"?`in the middle of a rolling update (${t})`:`at ${i}% (${t})`}export{c as a,m as b};
