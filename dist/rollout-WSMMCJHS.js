import{e as a}from"./observer-GMNHUICP.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
