import{a}from"./reconcile-6DHD24NC.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
