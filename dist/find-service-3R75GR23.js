import{a}from"./find-service-VDCXO35O.js";import"./runtime-3RNHDNP5.js";export{a as findService};
