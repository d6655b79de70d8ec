import{a,b}from"./preflight-XFDUCCHI.js";import"./runtime-3RNHDNP5.js";export{a as inspectBalancer,b as readBalancer};
