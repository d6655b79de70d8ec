import{e as a}from"./observer-AO7VETYZ.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
