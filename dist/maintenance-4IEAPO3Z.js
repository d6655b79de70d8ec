import{a}from"./reconcile-3TR3XPYR.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
