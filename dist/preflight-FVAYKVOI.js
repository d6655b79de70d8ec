import{a,b}from"./preflight-CLYWVCXX.js";import"./runtime-3RNHDNP5.js";export{a as inspectBalancer,b as readBalancer};
