import{a}from"./find-service-EJNDGAIL.js";import"./runtime-3RNHDNP5.js";export{a as findService};
