import{a}from"./reconcile-DU67M6RW.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
