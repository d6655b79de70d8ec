import{a}from"./reconcile-UCXRCHXH.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
