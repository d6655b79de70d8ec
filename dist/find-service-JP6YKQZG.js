import{a}from"./find-service-7SD2UZKP.js";import"./runtime-3RNHDNP5.js";export{a as findService};
