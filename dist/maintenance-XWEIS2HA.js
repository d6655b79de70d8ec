import{a}from"./reconcile-5OF4JS2X.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
