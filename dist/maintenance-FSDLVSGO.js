import{a}from"./reconcile-X2QPU5SK.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
