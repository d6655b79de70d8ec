import{a}from"./reconcile-GDRCOJEZ.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
