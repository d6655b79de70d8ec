import{a}from"./reconcile-2Y6RJRJ7.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
