import{a}from"./reconcile-O436R2E7.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
