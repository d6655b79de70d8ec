import{a}from"./reconcile-FTRUQHCV.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
