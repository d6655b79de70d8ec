import{a}from"./reconcile-IB53SMMV.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
