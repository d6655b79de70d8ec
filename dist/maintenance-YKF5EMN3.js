import{a}from"./reconcile-EXXX5WBB.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
