import{createRequire}from'node:module';const require=createRequire(import.meta.url);
var n={json:{description:"Print JSON, for programs."}};function s(o){return{json:o.includes("--json"),others:o.filter(t=>t!=="--json")}}export{n as a,s as b};
