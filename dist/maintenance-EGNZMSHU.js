import{a}from"./reconcile-Q6J5Z5YR.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
