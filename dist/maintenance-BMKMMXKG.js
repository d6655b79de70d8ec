import{a}from"./reconcile-FVJVXU2N.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
