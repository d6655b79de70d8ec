import{a}from"./reconcile-5O2WTT63.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
