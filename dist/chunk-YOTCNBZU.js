import{createRequire}from'node:module';const require=createRequire(import.meta.url);
function t(r){return/\.dkr[.-]ecr[.-]/.test(r)}export{t as a};
