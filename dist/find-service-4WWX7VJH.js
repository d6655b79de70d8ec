import{a}from"./find-service-NHDNFQCK.js";import"./runtime-3RNHDNP5.js";export{a as findService};
