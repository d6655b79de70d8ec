import{a}from"./reconcile-BN5KJXYI.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
