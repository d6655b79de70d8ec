import{e as a}from"./observer-HLRQIB2V.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
