import{a,b}from"./preflight-YSY5X2TY.js";import"./runtime-3RNHDNP5.js";export{a as inspectBalancer,b as readBalancer};
