import{a}from"./reconcile-425Y46NY.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
