import{a}from"./find-service-KUQNGIRB.js";import"./runtime-3RNHDNP5.js";export{a as findService};
