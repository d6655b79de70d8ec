import{a,b}from"./preflight-45SXGD6C.js";import"./runtime-3RNHDNP5.js";export{a as inspectBalancer,b as readBalancer};
