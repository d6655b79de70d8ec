import{a,b}from"./preflight-KPSA2OIE.js";import"./runtime-3RNHDNP5.js";export{a as inspectBalancer,b as readBalancer};
