import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{b as r}from"./chunk-HGGJYXTA.js";function i({taskDefinitionArn:t,commit:e,actor:o}){let n=[e&&`commit ${e.slice(0,7)}`,o&&`by ${o}`].filter(Boolean).join(", ");return`${r(t)}${n&&` (${n})`}`}export{i as a};
