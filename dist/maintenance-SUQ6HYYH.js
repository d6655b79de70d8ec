import{a}from"./reconcile-AE2Y74UU.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
