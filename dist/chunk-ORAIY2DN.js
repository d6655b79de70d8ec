import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function t(e){return{...e,steps:e.steps.length===1?e.steps:[50,100],keepOld:0}}export{t as a};
