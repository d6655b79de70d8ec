import{e as a}from"./observer-ETW5G35T.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
