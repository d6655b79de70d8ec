import{a,b}from"./preflight-GDHWPH62.js";import"./runtime-3RNHDNP5.js";export{a as inspectBalancer,b as readBalancer};
