import{a}from"./reconcile-TNIPO57Q.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
