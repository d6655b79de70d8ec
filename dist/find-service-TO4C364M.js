import{a}from"./find-service-TGEH7K3T.js";import"./runtime-3RNHDNP5.js";export{a as findService};
