import{a,b}from"./preflight-Y7SZ7Y3A.js";import"./runtime-3RNHDNP5.js";export{a as inspectBalancer,b as readBalancer};
