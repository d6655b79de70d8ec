import{e as a}from"./observer-KQETNEF4.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
