import{a}from"./reconcile-EZSSRY52.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
