import{a}from"./reconcile-6ODWXJKK.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
