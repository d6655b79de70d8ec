import{d as a}from"./observer-FDWX77RW.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
