import{a}from"./reconcile-TJM73T2H.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
