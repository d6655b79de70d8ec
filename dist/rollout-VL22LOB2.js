import{e as a}from"./observer-NI2OXANA.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
