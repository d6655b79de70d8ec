import{e as a}from"./observer-YSOEWWWB.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
