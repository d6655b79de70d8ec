import{a}from"./find-service-SEACSP5R.js";import"./runtime-3RNHDNP5.js";export{a as findService};
