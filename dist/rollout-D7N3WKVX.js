import{e as a}from"./observer-KDOUY6U6.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
