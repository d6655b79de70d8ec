import{a}from"./reconcile-3QXB7Z2S.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
