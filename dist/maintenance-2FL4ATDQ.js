import{a}from"./reconcile-HH46SDPH.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
