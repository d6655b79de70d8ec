import{a}from"./reconcile-YELYRYKY.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
