import{a}from"./reconcile-VX4X3SGL.js";import"./runtime-3RNHDNP5.js";export{a as maintain};
