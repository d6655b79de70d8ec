import{a}from"./reconcile-AGIQL7A2.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
