import{a}from"./reconcile-2GGZF76L.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
