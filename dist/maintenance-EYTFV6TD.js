import{a}from"./reconcile-VB532NP5.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
