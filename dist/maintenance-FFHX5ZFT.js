import{a}from"./reconcile-AEB6KC72.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
