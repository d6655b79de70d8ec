import{a}from"./reconcile-UWXE64KI.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
