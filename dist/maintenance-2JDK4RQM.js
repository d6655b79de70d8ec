import{a}from"./reconcile-LTRP2JFQ.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
