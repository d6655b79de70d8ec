import{a}from"./reconcile-5GFYEGSQ.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
