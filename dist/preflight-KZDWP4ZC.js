import{a,b}from"./preflight-66OVFOM6.js";import"./runtime-3RNHDNP5.js";export{a as inspectBalancer,b as readBalancer};
