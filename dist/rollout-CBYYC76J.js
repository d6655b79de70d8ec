import{d as a}from"./observer-JTL54567.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
