import{a}from"./reconcile-WIOSKXTV.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
