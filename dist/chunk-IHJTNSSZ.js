import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function r(e){return{...e,steps:[100],keepOld:0}}function s({bakeTime:e,judging:t}){let{warmUp:o,metricPeriod:l,metricDelay:i}=t;return Math.max(e,o+l)+i}export{r as a,s as b};
