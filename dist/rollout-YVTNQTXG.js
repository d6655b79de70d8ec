import{d as a}from"./observer-BYKGBBZH.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
