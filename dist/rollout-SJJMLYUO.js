import{d as a}from"./observer-WDXGZRJV.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
